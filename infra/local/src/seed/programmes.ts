/** What a sample partner is and how its members behave. */
export type Programme = {
  name: string;
  slug: string;
  tier: 'standard' | 'professional' | 'enterprise';
  currency: string;
  timeZone: string;
  locale: string;
  owner: { name: string; email: string };
  clubs: { name: string; description: string; share: number }[];
  /** Who serves, and at which of the clubs. */
  staff: { name: string; club: number }[];
  card: {
    name: string;
    pointsPerCurrency: number;
    initialBonusPoints: number;
    pointsExpirationMonths: number | null;
    minPurchaseMinor: number;
  };
  tiers: {
    name: string;
    displayName: string;
    threshold: number;
    multiplier: number;
    discount: number;
    color: string;
  }[];
  rewards: { name: string; points: number; type: 'product' | 'discount' | 'service' }[];
  /** Of the first club. With points they go onto its card, else something is handed out. */
  stampCard: {
    name: string;
    title: string;
    rewardTitle: string;
    stampsRequired: number;
    expireDays: number | null;
    points: number | null;
    icon: string;
    color: string;
  };
  members: { count: number; numberPrefix: string };
  visits: {
    /** Of a typical member in a month. */
    perMonth: number;
    opensHour: number;
    closesHour: number;
    /** Sunday first. */
    weekdays: number[];
    /** Of the middle purchase, minor units, and how far the others spread. */
    medianMinor: number;
    spread: number;
  };
};

const coffee: Programme = {
  name: 'Bean & Bloom',
  slug: 'bean-and-bloom',
  tier: 'enterprise',
  currency: 'EUR',
  timeZone: 'Europe/Vilnius',
  locale: 'en_US',
  owner: { name: 'Rasa Petraitienė', email: 'owner@bean-and-bloom.example' },
  clubs: [
    { name: 'Bean & Bloom Old Town', description: 'Roastery and café in Pilies Street', share: 5 },
    { name: 'Bean & Bloom Station', description: 'Coffee to go beside platform 1', share: 4 },
    { name: 'Bean & Bloom Riverside', description: 'Café with a garden on the Neris', share: 3 },
    { name: 'Bean & Bloom University', description: 'Open late while there are lectures', share: 2 },
  ],
  staff: [
    { name: 'Austėja Jankauskaitė', club: 0 },
    { name: 'Dovydas Rimkus', club: 0 },
    { name: 'Eglė Vaitkutė', club: 1 },
    { name: 'Matas Urbonas', club: 1 },
    { name: 'Gabija Žukaitė', club: 2 },
    { name: 'Rokas Šimkus', club: 2 },
    { name: 'Ugnė Mockutė', club: 3 },
  ],
  card: {
    name: 'Coffee card',
    pointsPerCurrency: 10,
    initialBonusPoints: 50,
    pointsExpirationMonths: 12,
    minPurchaseMinor: 100,
  },
  tiers: [
    { name: 'seed', displayName: 'Seed', threshold: 0, multiplier: 1, discount: 0, color: '#8D6E63' },
    { name: 'sprout', displayName: 'Sprout', threshold: 500, multiplier: 1.1, discount: 0, color: '#66BB6A' },
    { name: 'blossom', displayName: 'Blossom', threshold: 1_500, multiplier: 1.25, discount: 5, color: '#EC407A' },
    { name: 'harvest', displayName: 'Harvest', threshold: 4_000, multiplier: 1.5, discount: 10, color: '#FFB300' },
  ],
  rewards: [
    { name: 'Free espresso', points: 250, type: 'product' },
    { name: 'Any coffee', points: 400, type: 'product' },
    { name: 'Coffee and cake', points: 750, type: 'product' },
    { name: 'Bag of beans, 250 g', points: 1_200, type: 'product' },
    { name: 'Tasting for two', points: 3_000, type: 'service' },
  ],
  stampCard: {
    ...{ name: 'Ten coffees', title: 'Your tenth coffee is on us', rewardTitle: 'A coffee of your choice' },
    ...{ stampsRequired: 10, expireDays: 180, points: null, icon: 'coffee', color: '#4E342E' },
  },
  members: { count: 1_750, numberPrefix: 'BB' },
  visits: {
    perMonth: 0.42,
    opensHour: 7,
    closesHour: 20,
    weekdays: [4, 6, 6, 6, 6, 8, 7],
    medianMinor: 780,
    spread: 0.55,
  },
};

const books: Programme = {
  name: 'Paper Lantern Books',
  slug: 'paper-lantern-books',
  tier: 'professional',
  currency: 'GBP',
  timeZone: 'Europe/London',
  locale: 'en_GB',
  owner: { name: 'Imogen Hartley', email: 'owner@paper-lantern.example' },
  clubs: [
    { name: 'Paper Lantern Bloomsbury', description: 'Three floors of new and second-hand books', share: 3 },
    { name: 'Paper Lantern Brighton', description: 'By the sea, with a reading room', share: 2 },
  ],
  staff: [
    { name: 'Beatrice Ashworth', club: 0 },
    { name: 'Callum Fraser', club: 0 },
    { name: 'Nia Bevan', club: 0 },
    { name: 'Rufus Pemberton', club: 1 },
    { name: 'Zara Malik', club: 1 },
  ],
  card: {
    name: 'Reader card',
    pointsPerCurrency: 5,
    initialBonusPoints: 100,
    pointsExpirationMonths: 24,
    minPurchaseMinor: 0,
  },
  tiers: [
    { name: 'reader', displayName: 'Reader', threshold: 0, multiplier: 1, discount: 0, color: '#5C6BC0' },
    { name: 'bookworm', displayName: 'Bookworm', threshold: 600, multiplier: 1.2, discount: 0, color: '#26A69A' },
    { name: 'librarian', displayName: 'Librarian', threshold: 1_800, multiplier: 1.5, discount: 5, color: '#AB47BC' },
  ],
  rewards: [
    { name: 'Tote bag', points: 300, type: 'product' },
    { name: 'Five pounds off', points: 500, type: 'discount' },
    { name: 'Paperback of the month', points: 900, type: 'product' },
    { name: 'Evening with an author', points: 1_500, type: 'service' },
  ],
  stampCard: {
    ...{ name: 'Six paperbacks', title: 'Six paperbacks, 250 points', rewardTitle: '250 points on your reader card' },
    ...{ stampsRequired: 6, expireDays: null, points: 250, icon: 'book', color: '#283593' },
  },
  members: { count: 900, numberPrefix: 'PL' },
  visits: {
    perMonth: 0.25,
    opensHour: 9,
    closesHour: 19,
    weekdays: [5, 4, 4, 5, 5, 7, 10],
    medianMinor: 1_899,
    spread: 0.6,
  },
};

const bakery: Programme = {
  name: 'Hearth & Crumb',
  slug: 'hearth-and-crumb',
  tier: 'standard',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  locale: 'de_DE',
  owner: { name: 'Jonas Brandt', email: 'owner@hearth-and-crumb.example' },
  clubs: [
    { name: 'Hearth & Crumb', description: 'Bakery in Prenzlauer Berg, bread from six in the morning', share: 1 },
  ],
  staff: [
    { name: 'Anneliese Krüger', club: 0 },
    { name: 'Mehmet Yıldız', club: 0 },
  ],
  card: {
    name: 'Bread card',
    pointsPerCurrency: 1,
    initialBonusPoints: 5,
    pointsExpirationMonths: 12,
    minPurchaseMinor: 200,
  },
  tiers: [
    { name: 'guest', displayName: 'Guest', threshold: 0, multiplier: 1, discount: 0, color: '#A1887F' },
    { name: 'regular', displayName: 'Regular', threshold: 60, multiplier: 1.5, discount: 0, color: '#FFA726' },
  ],
  rewards: [
    { name: 'Two rolls', points: 10, type: 'product' },
    { name: 'Loaf of rye', points: 30, type: 'product' },
    { name: 'Birthday cake', points: 120, type: 'product' },
  ],
  stampCard: {
    ...{ name: 'Acht Brote', title: 'Acht Brote, das neunte geht aufs Haus', rewardTitle: 'Ein Brot nach Wahl' },
    ...{ stampsRequired: 8, expireDays: 365, points: null, icon: 'bread', color: '#EF6C00' },
  },
  members: { count: 400, numberPrefix: 'HC' },
  visits: {
    perMonth: 0.5,
    opensHour: 6,
    closesHour: 18,
    weekdays: [6, 4, 5, 5, 5, 7, 9],
    medianMinor: 640,
    spread: 0.5,
  },
};

/** The sample partners, one of each plan. */
export const programmes: readonly Programme[] = [coffee, books, bakery];
