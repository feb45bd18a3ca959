export const advertise = {
    title: 'Advertise',
    intro: 'A campaign is a contract that holds your budget. The ad network can only take out what your messages cost, and never faster than you allow. What is left is yours again 48 hours after you stop it.',
    mine: 'Your campaigns',
    none: 'You have no campaigns yet.',
    connect: 'Connect a wallet to see and create your campaigns.',
    campaign: (id: bigint) => `Campaign ${id}`,
    back: 'All campaigns',
    notFound: 'There is no campaign of this ad network at this address.',
    readOnly:
        'This campaign belongs to somebody else: only its advertiser can stop it and get the rest. You can add to its budget.',

    status: {
        running: 'Running',
        closing: (time: string) => `Stopped, closes ${time}`,
        closed: (time: string) => `Closed since ${time}`,
    },
    figures: {
        budget: 'Budget left',
        budgetHint: 'yours until it is charged',
        spent: 'Spent',
        spentHint: 'charged by the network',
        chargeable: 'Can be charged now',
        bucket: (burst: string, perDay: string) => `at most ${burst} TON at once, ${perDay} TON a day in the long run`,
    },
    address: 'Address:',
    advertiser: 'Advertiser:',
    spendable: {
        nothing: 'Nothing is left to spend.',
        now: 'All of the budget can be spent now.',
        from: (time: string) => `All of the budget can be spent on ${time} at the earliest.`,
        never: (amount: string) => `${amount} TON can never be charged: this campaign’s limit does not renew itself.`,
        stopped: (amount: string) => `${amount} TON cannot be charged any more and come back for sure.`,
        spentShare: (percent: string) => `${percent} % spent`,
    },

    create: {
        title: 'New campaign',
        budget: 'Budget in TON',
        daily: 'Daily limit in TON',
        dailyHint:
            'The network can charge so much at once, and then so much again each day. It cannot be changed later.',
        dailyWrong: 'Write an amount of at least 0.0001.',
        button: 'Create',
        full: (time: string) => `A budget like this lasts until ${time} at least.`,
    },
    topUp: 'Add to the budget',
    stop: 'Stop',
    stopHint:
        'After you stop it, the network can charge for what it has shown already for 48 hours, within what the limit allows at that moment. Then the rest is yours.',
    refund: 'Get the rest back',
    refundFrom: (time: string) => `You can get the rest back from ${time} on.`,
    refunded: 'The rest has been paid back. This campaign is closed for good.',

    history: {
        title: 'History',
        time: 'Time',
        what: 'What',
        amount: 'Amount',
        kinds: {
            funded: 'Money for the budget',
            charged: 'Charged by the network',
            charge_returned: 'Charge sent back',
            stopped: 'Stopped',
            refunded: 'Rest paid back',
        },
    },

    sponsor: 'Sponsor a channel',

    plans: {
        attached: 'Sent along for fees',
        restReturns: 'Most of what is sent along for fees comes back at once.',
        fee: 'Fee of the network',
        create: {
            budget: 'Budget',
            rent: 'Fee, and ten years of rent for the contract',
            pay: 'You pay',
            note: 'Your wallet is the advertiser: only it can stop the campaign and get the rest back.',
            done: 'The campaign is there.',
        },
        topUp: {
            amount: 'Goes into the budget',
            then: 'The budget then',
            others: 'This campaign is not yours: what it does not spend goes to its advertiser.',
            done: (amount: string) => `${amount} TON are in the budget.`,
        },
        stop: {
            rest: 'Left in the budget',
            note: 'There is no way back: a stopped campaign cannot run again. For 48 hours the network can still charge for what it has shown; after that you get the rest.',
            done: 'Stopped. In 48 hours you can get the rest back.',
        },
        refund: {
            arrives: 'Arrives in your wallet',
            note: 'The campaign stays closed for good.',
            done: (amount: string) => `${amount} TON are on their way to your wallet.`,
        },
    },
};
