import type { Tx } from '@punchcard/database';

export interface User {
  partnerId: string;
  userId: string;
  role: 'owner';
  name: string;
  email: string;
  passwordHash: string;
  createdAt: Date;
}

export async function insertUser(tx: Tx, user: User): Promise<void> {
  await tx`insert into users ${tx({ ...user })}`;
}
