"""HTML as a parser sees it, so that tests ask what a browser would make of it, not what the letters look like."""

from bleach._vendor import html5lib  # follows the HTML standard, as browsers do


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of a fragment as (tag, attributes), in the order of the document."""
    root = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [(element.tag, dict(element.attrib)) for element in root.iter() if isinstance(element.tag, str)][1:]


def rows(html: str) -> list[list[tuple[str, str]]]:
    """The rows of a page's tables, as (text, address of the first link) of each cell."""
    root = html5lib.parse(html, namespaceHTMLElements=False)
    return [
        [
            (" ".join("".join(cell.itertext()).split()), next((link.get("href") for link in cell.iter("a")), ""))
            for cell in row.findall("td")
        ]
        for row in root.iter("tr")
        if row.find("td") is not None
    ]


def dangers(html: str) -> list[str]:
    """What could run, in a whole page: event attributes, crooked links, scripts that are not ours."""
    root = html5lib.parse(html, namespaceHTMLElements=False)
    found = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            crooked = "".join(str(value).split()).lower().startswith(("javascript:", "data:text", "vbscript:"))
            if str(name).lower().startswith("on") or name == "style" or (name in {"href", "src", "action"} and crooked):
                found.append(f"{element.tag} {name}={value}")
        if element.tag == "script" and not element.get("src", "").startswith("/static/") and not element.get("nonce"):
            found.append(f"script: {element.text}")
        if element.tag in {"style", "iframe", "object", "embed", "base"}:
            found.append(element.tag)
    return found
