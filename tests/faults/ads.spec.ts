import { adsScene } from './ads-scene';
import { describeFaults } from './suite';

describeFaults('ads', ['AdNetwork', 'ChannelAccount', 'Campaign'], async (prices) => ({
    ads: await adsScene(prices),
}));
