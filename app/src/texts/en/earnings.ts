export const earnings = {
    title: 'Earnings',
    noNetwork: 'This page shows no ad network.',
    refused: 'The contract did not take it, and sends your money back.',

    find: {
        intro: 'Advertisers pay for messages in channels. A fixed part of every payment belongs to the channel’s owner, by the code of the contracts and not by anybody’s promise. Here you see what a channel has earned, and its owner takes it.',
        label: 'Number of the channel',
        description: 'The operator of the ad network gave it to the channel.',
        show: 'Show',
        wrong: 'A number of a channel is a whole number, for example 1.',
        known: 'Channels with recent activity, and those you looked at',
        yours: 'registered by you',
        back: 'All channels',
    },

    channel: (payeeId: bigint) => `Channel ${payeeId}`,
    amount: 'Amount in TON',
    account: 'Account:',
    owner: 'Owner:',
    you: 'you',
    nobody: 'nobody yet',
    readOnly: 'This channel belongs to somebody else: only its owner’s wallet can act here. You can sponsor it.',
    connect: 'Connect the owner’s wallet to take the money.',
    unowned: (due: string) =>
        `Nobody has registered as the owner yet. What the channel earns waits in its account: ${due} TON so far.`,
    notOpen: 'Nothing has reached this channel yet. Its account opens with its first payment or with its registration.',

    figures: {
        earned: 'Earned in all',
        earnedHint: 'the owner’s part',
        available: 'Available now',
        availableHint: 'a withdrawal pays it out',
        paidOut: 'Paid out',
        paidOutHint: 'to the owner’s wallet',
        reinvested: 'Reinvested',
        reinvestedHint: 'put into campaigns',
    },

    chart: {
        title: 'Over time',
        label: (earned: string, available: string, paidOut: string, reinvested: string) =>
            `Chart of what the channel has earned: ${earned} TON in all, of which ${available} TON are available, ${paidOut} TON paid out and ${reinvested} TON reinvested. The statement below has every number.`,
        earned: 'Earned',
        available: 'Available',
        paidOut: 'Paid out',
        reinvested: 'Reinvested',
    },

    take: {
        title: 'Take the money',
        direct: 'From payments to the channel',
        withdraw: 'Withdraw',
        nothing: 'Nothing to withdraw at the moment.',
        due: (amount: string) => `${amount} TON are yours and wait in the channel’s account.`,
        voucher: 'From campaigns',
        voucherHint:
            'What campaigns paid for your channel lies in the ad network. The operator signs a voucher that says what you have earned in all; with it you get what is above what you received before. An old voucher never expires.',
        claim: (amount: string) => `Claim ${amount} TON`,
        claimPasted: 'Claim with this voucher',
        published: (inAll: string, received: string) =>
            `The operator’s newest voucher says ${inAll} TON in all; you have received ${received} TON of it.`,
        claimed: 'All that the operator’s file has for you is claimed.',
        none: 'The operator’s file has no voucher for this channel.',
        unread: 'The operator’s file of vouchers could not be read. You can paste a voucher instead.',
        paste: 'Voucher of your own',
        pasteHint: 'A text that the operator gave you.',
        pasteWrong: 'This is no voucher. Copy the whole text that the operator gave you.',
        pasteOther: (payeeId: bigint) => `This voucher is of channel ${payeeId}.`,
        oldKey: 'The operator has a new key, and your account knows the old one. Let it fetch the new one before you claim.',
        sync: 'Fetch the new key',
    },

    settings: {
        title: 'What else you can do',
        autoPayout: 'Automatic payout',
        autoPayoutOn: (amount: string) =>
            `As soon as ${amount} TON are due to you, the payment that makes it so pays them to your wallet. You bear the small fee of each payout.`,
        autoPayoutOff:
            'Off. With a threshold the account pays you by itself as soon as so much is due; you bear the small fee of each payout.',
        threshold: 'From so many TON on',
        lowest: (amount: string) => `At least ${amount} TON.`,
        set: 'Set the threshold',
        off: 'Switch off',
        reinvest: 'Reinvest',
        reinvestIt: 'Put it in',
        reinvestHint:
            'Put what you are due into a campaign, for example one that promotes your channel, without taking it out first.',
        campaign: 'Address of the campaign',
        rebind: 'Another owner',
        rebindHint:
            'Hand the channel to another wallet in two steps: you name it, and it accepts from its own page. Until then you can take it back by naming yourself.',
        newOwner: 'Address of the new owner’s wallet',
        name: 'Name this wallet',
        pending: (address: string) => `${address} is named and has not accepted yet.`,
        pendingYou:
            'The owner has named you. If you accept, all that is due and all that the channel will earn is yours.',
        takeBack: 'Take it back',
        accept: 'Accept',
    },

    register: {
        title: 'Is this your channel?',
        hint: 'The operator checks that the channel is yours and gives you a certificate, a text for your wallet only. Paste it here; your wallet becomes the owner.',
        label: 'Certificate',
        wrong: 'This is no certificate. Copy the whole text that the operator gave you.',
        other: (payeeId: bigint) => `This certificate is for channel ${payeeId}.`,
        button: 'Register as the owner',
        before: 'Before you bind your wallet',
    },

    risks: {
        wallet: 'If you lose this wallet, nobody can name another owner: what the channel is due and will earn is lost with it. Write down its secret words, and never use the address of an exchange.',
        operator:
            'If the operator vanishes: what is in the channel’s account stays yours, and so does every voucher that was signed, as far as the network holds the money. Payments to the channel go on without the operator. What campaigns owe and nobody has signed is not paid.',
    },

    sponsor: {
        title: 'Sponsor this channel',
        hint: 'Anyone can pay a channel. The account divides the payment at once: one part is the owner’s, the other the network’s.',
        button: 'Sponsor',
    },

    statement: {
        title: 'Statement',
        csv: 'Download as CSV',
        empty: 'No money has moved yet.',
        fileName: (payeeId: bigint) => `channel-${payeeId}.csv`,
        columns: ['time', 'kind', 'gross', 'share', 'fee', 'paid_out', 'reinvested', 'transaction'],
        time: 'Time',
        kind: 'What',
        gross: 'Paid by others',
        fee: 'Fee',
        share: 'Your part',
        moved: 'Paid out or reinvested',
    },
    kinds: {
        payment: 'Payment',
        voucher: 'Voucher claimed',
        voucherReturned: 'Claim refused by the network',
        withdrawal: 'Withdrawal',
        threshold: 'Automatic payout',
        reinvestment: 'Reinvested',
        reinvestmentReturned: 'Campaign sent it back',
        difference: 'Difference of fees',
    },

    proof: {
        title: (percent: string) => `The proof: ${percent} % is the owner’s`,
        intro: (percent: string) =>
            `The share is a constant of the contracts and cannot be changed. Of every payment the owner has ${percent} %, rounded up to the next billionth of a TON, and the network the rest. Look every payment up in its transaction:`,
        payments: 'Payments to this channel',
        noPayments: 'Nobody has paid this channel directly yet.',
        paid: 'Paid',
        fee: 'Handling and rent',
        divided: 'Divided',
        owner: 'Owner’s part',
        platform: 'Network’s part',
        transaction: 'Transaction',
        exactSums: (account: string) =>
            `The owner’s parts of all payments and vouchers add up to ${account} TON: to the last billionth what the account itself says.`,
        sums: (shares: string, account: string, difference: string) =>
            `The owner’s parts of all payments and vouchers add up to ${shares} TON; the account itself says ${account} TON. The difference of ${difference} TON is there because this page reckons handling and rent at today’s prices, and the account took what they were at the moment.`,
        network: 'What campaigns paid into the network',
        networkHint: 'Divided in the same way. The owners’ parts are what vouchers pay.',
        noRevenue: 'No campaign has paid lately.',
        complete: (owners: string, due: string, drawn: string) =>
            `The owners’ parts are ${owners} TON, to the last billionth what the network still owes to owners (${due} TON) and what it has paid them (${drawn} TON).`,
    },

    plans: {
        attached: 'Sent along for fees',
        restReturns: 'Most of what is sent along for fees comes back at once.',
        fee: 'Fee of the network',
        arrives: 'Arrives in the owner’s wallet',
        paid: (amount: string) => `${amount} TON are on their way to the owner’s wallet.`,
        withdraw: {
            due: 'Due to the owner',
            note: 'The money goes to the owner’s wallet and to nobody else.',
        },
        claim: {
            inAll: 'Earned in all, by the voucher',
            before: 'Received before',
            arrives: 'Arrives in the owner’s wallet',
            note: 'What is left of the fees arrives with it. If the network cannot pay now, nothing changes and the voucher stays good.',
            returned: (amount: string) =>
                `The network cannot pay this now: nothing has changed, and ${amount} TON of the fees come back. The voucher stays good.`,
        },
        sync: { done: 'The account knows the new key.' },
        autoPayout: {
            from: 'Pays out from',
            note: 'From then on a payment that makes so much due is paid to your wallet at once.',
            offNote: 'From then on what you earn waits until you withdraw it.',
            done: (amount: string) =>
                amount === '0' ? 'The automatic payout is off.' : `The account pays you from ${amount} TON on.`,
        },
        reinvest: {
            amount: 'Goes into the campaign',
            stays: 'Stays due to you',
            note: 'If the campaign does not take it, it is due to you again.',
            others: (advertiser: string) =>
                `This is a campaign of ${advertiser}: what it does not spend goes to that wallet and not to yours.`,
            done: (amount: string) => `${amount} TON are in the campaign’s budget.`,
            returned: 'The campaign did not take it. It is due to you again.',
        },
        rebind: {
            note: (address: string) => `You name ${address}. Nothing changes until that wallet accepts.`,
            done: 'Named. The other wallet has to accept.',
        },
        accept: {
            note: 'You become the owner, also of what is due already.',
            done: 'You are the owner now.',
        },
        register: {
            note: 'Your wallet becomes the owner of the channel’s account. What is sent along pays for ten years of the account’s rent; the rest comes back.',
            done: 'Registered: your wallet owns this channel now.',
            returned: 'The account has an owner already. Your money comes back.',
        },
        sponsor: {
            pay: 'You pay',
            fee: 'Handling and rent',
            owner: 'The owner’s part',
            platform: 'The network’s part',
            note: 'A payment is final: nobody can send it back.',
            done: (amount: string) => `Paid: ${amount} TON have reached the channel.`,
        },
    },
};
