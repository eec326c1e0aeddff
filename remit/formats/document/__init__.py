"""Writers of a `Document` as HTML, PDF, XLSX and DOCX; the same document gives the same bytes."""
