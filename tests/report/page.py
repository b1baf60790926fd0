"""Reads a report page as a browser would and says what in it is not our own."""

from html.parser import HTMLParser

OURS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "nav",
    "div", "p", "span", "a", "ol", "ul", "li", "h1", "h2", "h3", "h4", "small", "b", "strong", "em",
    "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "mark", "details", "summary",
    "figure", "img", "progress", "bdi", "blockquote", "br", "svg", "path", "text", "circle",
    "rect", "i", "figcaption",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "content", "http-equiv", "name", "class", "href", "rel", "id", "aria-label",
    "aria-hidden", "tabindex", "role", "dir", "scope", "src", "alt", "open", "max", "value",
    "viewbox", "width", "height", "d", "x", "y", "cx", "cy", "r", "text-anchor", "transform",
    "rx", "aria-labelledby",
}  # fmt: skip
VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """The elements, links and text of a page; `strange` is what we never write."""

    def __init__(self, html):
        super().__init__()
        self.strange, self.tags, self.links, self.ids, self.pictures = [], [], [], [], []
        self.headings, self.attributes, self.policy, self.lang = [], [], "", ""
        self._open, self._text = [], []
        self.feed(html)
        self.close()
        self.strange += [f"not closed: {tag}" for tag in self._open]

    @property
    def text(self):
        return "".join(self._text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        given = dict(attrs)
        if tag not in OURS:
            self.strange.append(f"<{tag}>")
        self.strange += [f"<{tag} {name}>" for name in given if name not in ATTRIBUTES]
        if len(given) != len(attrs):
            self.strange.append(f"<{tag}> repeats an attribute")
        if "href" in given:
            self.links.append(given["href"])
        if "src" in given:
            self.pictures.append(given["src"])
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "html":
            self.lang = given.get("lang")
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.strange.append(f"</{tag}> out of place")

    def handle_data(self, data):
        if "style" not in self._open:
            self._text.append(data)

    def handle_comment(self, data):
        self.strange.append("comment")

    def handle_pi(self, data):
        self.strange.append("processing instruction")

    def unknown_decl(self, data):
        self.strange.append("declaration")
