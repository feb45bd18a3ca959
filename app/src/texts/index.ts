import { en } from './en';

/** All that the page says. A language more is an object of this type, and a choice here. */
export type Texts = typeof en;

export const texts: Texts = en;
