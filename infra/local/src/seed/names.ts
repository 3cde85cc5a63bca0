/** First names as they occur in the towns of the sample partners. */
export const firstNames = (
  'Ann Ada Agnė Aisha Alba Alice Amara Anders Anton Ava Beatriz Ben Camille Carlos Chloe Daan Daiva David Deniz Elena Eli ' +
  'Emil Emma Erik Eva Fatima Felix Finn Freya George Giedrė Grace Hana Hanna Henrik Ida Ieva Imani Ines Isla Ivan Jack ' +
  'Jakob Jana Jonas Julia Kaia Karim Katya Kofi Lars Laura Leo Lina Linas Liam Lucia Lukas Mantas Maria Marta Mateo Maya ' +
  'Mei Mia Milda Milo Nadia Nils Noah Nora Olaf Olga Oliver Omar Paul Petra Priya Rasa Rosa Ruta Sami Sara Simon Sofia ' +
  'Stefan Tara Theo Tomas Tove Vera Viktor Wei Yara Yusuf Zoe Žygimantas'
).split(' ');

/** Family names; joined with the first names they give some ten thousand people. */
export const lastNames = (
  'Adams Ahmed Andersen Bakker Balčiūnas Bauer Becker Bennett Berg Brandt Brown Carter Castro Chen Clarke Costa Cruz Dahl ' +
  'Davies Diaz Dubois Eriksen Evans Fischer Fontaine Foster Garcia Gray Green Grigas Haas Hall Hansen Harris Hoffmann ' +
  'Hughes Ivanova Jansen Jensen Johnson Jones Kaminski Kazlauskas Keller Khan King Klein Kovacs Kumar Larsen Lee Lehmann ' +
  'Lewis Lindgren Lopez Martin Meyer Moore Moretti Murphy Navarro Nguyen Nielsen Novak Okafor Olsen Owens Park Patel Petrauskas ' +
  'Pereira Petrov Price Reed Rivera Roberts Rossi Roy Santos Schmidt Schulz Silva Singh Smith Stankevičius Stone Svensson ' +
  'Taylor Thomas Turner Vasquez Virtanen Vogel Wagner Walker Ward Weber White Wilson Wolf Wood Young Zimmermann'
).split(' ');

const letters: Record<string, string> = { ė: 'e', č: 'c', ū: 'u', ž: 'z', š: 's', ä: 'a', ö: 'o', ü: 'u', ı: 'i' };

/** A name as it stands in an e-mail address. */
export const asMailbox = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^\x20-\x7e]/g, (letter) => letters[letter] ?? '')
    .replaceAll(' ', '.');
