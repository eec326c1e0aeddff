"""Memos in DOCX, written by hand: what Word writes and no library of ours can."""

from __future__ import annotations

import io
import zipfile

import pytest

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
STYLES = (
    f'<w:styles {W}><w:style w:styleId="Berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Own"><w:name w:val="My heading"/><w:basedOn w:val="Berschrift1"/></w:style>'
    '<w:style w:styleId="Zitat"><w:name w:val="Quote"/></w:style></w:styles>'
)


class Written:
    """Builds the bytes of a DOCX from the inner XML of its body and notes."""

    def __call__(self, body: str, footnotes: str = "", more: dict[str, bytes] | None = None) -> bytes:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
            archive.writestr("word/styles.xml", STYLES)
            if footnotes:
                archive.writestr("word/footnotes.xml", f"<w:footnotes {W}>{footnotes}</w:footnotes>")
            for name, content in (more or {}).items():
                archive.writestr(name, content)
        return data.getvalue()

    @staticmethod
    def paragraph(text: str, shape: str = "") -> str:
        """One paragraph of one run."""
        return f'<w:p>{f"<w:pPr>{shape}</w:pPr>" if shape else ""}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


@pytest.fixture
def written() -> Written:
    return Written()
