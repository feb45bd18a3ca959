import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Journal } from '../../devnet/journal';

const RECORDS = [{ first: 1 }, { text: 'line\nfeed, ü and "quotes"' }, ['third']];

describe('The state file', () => {
    let directory: string;
    let path: string;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'devnet-journal-'));
        path = join(directory, 'state');
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    async function write(): Promise<Buffer> {
        const journal = await Journal.create(path, RECORDS.slice(0, 1));
        for (const record of RECORDS.slice(1)) {
            await journal.append(record);
        }
        await journal.close();
        return readFileSync(path);
    }

    async function readBack(content: Buffer): Promise<unknown[] | undefined> {
        writeFileSync(path, content);
        const opened = await Journal.open(path);
        await opened?.journal.close();
        return opened?.records;
    }

    it('gives back what was written', async () => {
        expect(await readBack(await write())).toEqual(RECORDS);
    });

    it('is none where there is no file, or an empty one', async () => {
        expect(await Journal.open(path)).toBeNull();
        writeFileSync(path, '');
        expect(await Journal.open(path)).toBeNull();
    });

    it('has each record whole or not at all, wherever the writing was cut off', async () => {
        const content = await write();
        const ends = [...content.keys()].filter((index) => content[index] === 10).map((index) => index + 1);
        const [first = 0] = ends;
        for (let length = first; length <= content.length; length += 1) {
            const whole = ends.filter((end) => end <= length).length;
            expect(await readBack(content.subarray(0, length))).toEqual(RECORDS.slice(0, whole));
            expect(readFileSync(path)).toEqual(content.subarray(0, ends[whole - 1]));
        }
    });

    it('goes on after a record that was cut off', async () => {
        const content = await write();
        writeFileSync(path, content.subarray(0, content.length - 3));
        const opened = await Journal.open(path);
        await opened?.journal.append('new');
        await opened?.journal.close();
        const again = await Journal.open(path);
        expect(again?.records).toEqual([...RECORDS.slice(0, 2), 'new']);
        await again?.journal.close();
    });

    it('is refused, and left as it is, where it is damaged before its last record', async () => {
        const content = await write();
        content.writeUInt8(content.readUInt8(20) ^ 1, 20);
        writeFileSync(path, content);
        await expect(Journal.open(path)).rejects.toThrow('is no state file of a devnet');
        expect(readFileSync(path)).toEqual(content);

        const second = await write();
        const at = second.indexOf(10) + 20;
        second.writeUInt8(second.readUInt8(at) ^ 1, at);
        writeFileSync(path, second);
        await expect(Journal.open(path)).rejects.toThrow('is damaged after 1 records');
        expect(readFileSync(path)).toEqual(second);
        expect(existsSync(`${path}.lock`)).toBe(false);
    });

    it('is refused, and left as it is, where it is any other file', async () => {
        const text = 'A diary\nof many lines\n';
        writeFileSync(path, text);
        await expect(Journal.open(path)).rejects.toThrow('is no state file of a devnet');
        expect(readFileSync(path, 'utf8')).toBe(text);
    });

    it('has one writer: a second process is refused, one that is gone does not count', async () => {
        await write();
        // The process that runs this one is there for as long as the test
        writeFileSync(`${path}.lock`, String(process.ppid));
        await expect(Journal.open(path)).rejects.toThrow(`in use by process ${process.ppid}`);
        writeFileSync(`${path}.lock`, '4194305');
        const opened = await Journal.open(path);
        expect(opened?.records).toEqual(RECORDS);
        await opened?.journal.close();
        expect(existsSync(`${path}.lock`)).toBe(false);
    });

    it('says when it cannot be written, and is then as it was before', async () => {
        const content = await write();
        const opened = await Journal.open(path);
        // A record that JSON cannot hold stands for a disk that is full
        await expect(opened?.journal.append({ big: 1n })).rejects.toThrow();
        expect(readFileSync(path)).toEqual(content);
        await opened?.journal.close();
    });
});
