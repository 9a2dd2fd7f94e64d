import { checkOutput } from '../../../runtime/output-checks';

const allowedLinks = ['docs.example.com', '*.example.org', 'ports.example.com:8443', 'b\u00fccher.example'];
const outputOf = (text: string) => checkOutput(text, { allowedLinks });

describe('links that lead elsewhere are removed', () => {
  for (const [text, left] of [
    ['see [this](https://evil.com/x?q=secret) now', 'see [this] [LINK] now'],
    ['![pixel](https://evil.com/p.png?d=aGk)', '![pixel] [LINK]'],
    ['![pixel](<https://evil.com/p.png>)', '![pixel] [LINK]'],
    ['![pixel](//evil.com/p.png)', '![pixel] [LINK]'],
    ['![pixel](\n  //evil.com/p.png)', '![pixel] [LINK]'],
    ['![pixel](/\\evil.com/p.png)', '![pixel] [LINK]'],
    ['![pixel](\\/\\/evil.com/p.png)', '![pixel] [LINK]'],
    ['![pixel](https:evil.com/p.png)', '![pixel] [LINK]'],
    ['![pixel](&#104;ttps://evil.com)', '![pixel] [LINK]'],
    ['![pixel](&sol;&sol;evil.com)', '![pixel] [LINK]'],
    ['![pixel](https&colon;//evil.com)', '![pixel] [LINK]'],
    ['[run](javascript:alert(1))', '[run] [LINK]'],
    ['[run](data:text/html;base64,PHNjcmlwdD4=)', '[run] [LINK]'],
    ['[run](myapp:leak)', '[run] [LINK]'],
    ['[a](ok)[b](//evil.com)', '[a](ok)[b] [LINK]'],
    ['[x[a](foo](//evil.com)', '[x[a](foo] [LINK]'],
    ['[wiki](https://evil.com/a_(b)_c) and', '[wiki] [LINK] and'],
    ['[a]: https://evil.com/x\n[a]', '[a]: [LINK]\n[a]'],
    ['[a]:\n  //evil.com/x "t"', '[a]:\n  [LINK] "t"'],
    ['[a]: <//evil.com/x>', '[a]: <[LINK]>'],
    ['<https://evil.com>', '<[LINK]>'],
    ['<javascript:alert(1)>', '<[LINK]>'],
    ['go to https://evil.com/x?y=1.', 'go to [LINK].'],
    ['go to HTTPS://EVIL.COM', 'go to [LINK]'],
    ['go to https:\\\\evil.com', 'go to [LINK]'],
    ['go to www.evil.com!', 'go to [LINK]!'],
    ['go to ftp://evil.com', 'go to [LINK]'],
    ['<img src="https://evil.com/x">', '<img src="[LINK]">'],
    ["<img src='//evil.com/x'>", "<img src='[LINK]'>"],
    ['<img src=//evil.com/x>', '<img src=[LINK]>'],
    ['<img src="h\nttps://evil.com/x">', '<img src="[LINK]">'],
    ['<img src\n=\n" \u0001//evil.com">', '<img src\n=\n"[LINK]">'],
    ['<img src="&#47;/evil.com">', '<img src="[LINK]">'],
    ['<img src="/\n/evil.com">', '<img src="[LINK]">'],
    ['<img srcset="a.png 1x,//evil.com/b 2x">', '<img srcset="[LINK]">'],
    ['<a href=" <img src=//evil.com>', '<a href=" <img src=[LINK]>'],
    ['<a href="javascript:alert(1)">x</a>', '<a href="[LINK]">x</a>'],
    ['<form action="https:evil.com">', '<form action="[LINK]">'],
    ['<use xlink:href="//evil.com#x">', '<use xlink:href="[LINK]">'],
    ['<p style="background:url(//evil.com/x)">', '<p style="background:url([LINK])">'],
    ['<style>@import "//evil.com/x";</style>', '<style>@import "[LINK]";</style>'],
    ['<meta http-equiv=refresh content="0; url=//evil.com">', '<meta http-equiv=refresh content="0; url=[LINK]">'],
    ['<iframe srcdoc="<img src=&quot;//evil.com&quot;>">', '<iframe srcdoc="<img src=[LINK]>">'],
    [`<img src=${'a'.repeat(600)}>`, `<img src=[LINK]${'a'.repeat(88)}>`],
    ['{"url":"//evil.com/x"}', '{"url":"[LINK]"}'],
  ]) {
    test(JSON.stringify(text).slice(0, 80), () => {
      const { text: result, reasons, blocked } = outputOf(text);
      expect(result).toBe(left);
      expect(blocked).toBe(false);
      expect(reasons.map(({ check }) => check)).toEqual(['link']);
    });
  }
});

describe('hosts that only look allowed', () => {
  test.each([
    'https://docs.example.com@evil.com/',
    'https://docs.example.com:x@evil.com/',
    'https://user@docs.example.com/',
    'https://docs.example.com\\@evil.com/',
    'https://evil.com\\@docs.example.com/',
    'https://docs.example.com.evil.com/',
    'https://docs.example.com\u200b.evil.com/',
    'https://docs.example.com\ufeff.evil.com/',
    'https://docs.example.com\u3002evil.com/',
    'https://evil.com/#docs.example.com',
    'https://evil.com?docs.example.com',
    'https://d\u043ecs.example.com/',
    'https://xn--dcs-tdc.example.com/',
    'https://example.com/',
    'https://example.org/',
    'https://evilexample.org/',
    'https://docs.example.com:8443/',
    'https://ports.example.com/',
    'ftp://docs.example.com/',
    'https://docs.example.com{.evil.com/',
  ])('%s', (url) => {
    for (const text of [`${url}`, `[x](${url})`, `<a href="${url}">x</a>`]) {
      expect(outputOf(text).text).toContain('[LINK]');
    }
  });
});

test('allowed and relative links, and what is no link, stay', () => {
  for (const text of [
    'see [docs](https://docs.example.com/a/@user?q=a@b.c\\d#e) or https://docs.example.com.',
    '![x](https://img.example.org/a.png "title") https://DOCS.example.com./',
    '[x](https://ports.example.com:8443/) [y](http://docs.example.com:80/x) https://B\u00dcCHER.example/',
    '[x](/path?q=1) [y](#part) [z](../a.md) [w](page.html)',
    '<a href="/x">x</a> <img src="cat.png" alt="x">',
    '<a href="https://docs.example.com/">x</a> <p style="background:url(bg.png)">',
    'std::vector<std::string> x; // see below',
    '[INFO]: user:42 logged in; [12:30]: note: done; arr[0]: value',
    'a // b.c comment, 3 // 4, http:// alone, C:\\dir\\file, [x](C:\\dir)',
    'const data = a.b; let src = x[0](y); // nothing.here',
    'e.g. example.com/x is text',
  ]) {
    expect(outputOf(text)).toEqual({ blocked: false, text, reasons: [] });
  }
});

test('without a list no link passes', () => {
  expect(checkOutput('https://docs.example.com').text).toBe('[LINK]');
});

test('what stands in place of a link never makes another', () => {
  for (const text of [
    'htt[a](//evil.com)ps://evil.com',
    'https://evil.com: //evil.org/x',
    'jane@acme.org(//evil.com)',
  ]) {
    const once = outputOf(text).text;
    expect(outputOf(once)).toEqual({ blocked: false, text: once, reasons: [] });
  }
});

test('an entry that is no host is an error', () => {
  for (const entry of [
    'https://docs.example.com',
    'docs.example.com/path',
    '*',
    'a*.example.com',
    'user@docs.example.com',
    '',
  ]) {
    expect(() => checkOutput('', { allowedLinks: [entry] })).toThrow('PALISADE-W164');
  }
});
