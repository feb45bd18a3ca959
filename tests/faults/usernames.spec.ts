import { describeFaults } from './suite';
import { usernameScenes } from './usernames-scene';

describeFaults('usernames', ['UsernameItem', 'UsernameCollection'], usernameScenes);
