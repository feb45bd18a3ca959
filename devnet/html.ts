/** Text that is HTML already. */
export class Html {
    constructor(readonly text: string) {}
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** HTML with values in it: whatever is not `Html` itself is escaped, for text and for quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: (Html | string | number | bigint)[]): Html {
    return new Html(String.raw({ raw: parts }, ...values.map(toText)));
}

export function join(parts: Html[]): Html {
    return new Html(parts.map(({ text }) => text).join(''));
}

function toText(value: Html | string | number | bigint): string {
    return value instanceof Html ? value.text : String(value).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
