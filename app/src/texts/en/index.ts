import { advertise } from './advertise';
import { common } from './common';
import { earnings } from './earnings';
import { market } from './market';

export const en = { ...common, market, earnings, advertise };
