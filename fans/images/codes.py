"""Codes a camera reads."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

_BORDER = 2  # modules


def code_picture(words: str) -> SafeString:
    """The words as a QR picture: dark on light in both themes, for a camera needs that."""
    import qrcode  # it loads Pillow, which few pages need

    drawn = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    drawn.add_data(words)
    drawn.make(fit=True)
    rows = drawn.get_matrix()
    path = "".join(
        f"M{x + _BORDER} {y + _BORDER}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    side = len(rows) + 2 * _BORDER
    return format_html(
        '<svg class="code-picture" viewBox="0 0 {0} {0}" width="264" height="264" role="img" '
        'aria-label="QR"><path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{1}"/></svg>',
        side,
        path,
    )
