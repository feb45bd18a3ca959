import { play } from './story';
play({ begins: (s) => console.log(s.number, s.title), ended: (s) => console.log(s.messages, s.gas, s.fees, s.outcome) }).then(r => { console.log(r.people, r.names, r.conservation) }).catch(e => console.error(String(e.stack).slice(0, 1500)));
