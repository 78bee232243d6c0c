"""Pure: the square code that a phone's camera reads, as a drawing for a page."""

import segno


def square_code(text: str) -> tuple[int, str]:
    """(side in dots with the quiet edge, path) for an SVG of strokes one dot wide.

    Error level M: a fold or a thumbprint on the paper does no harm.
    """
    code = segno.make(text, error="m", micro=False, boost_error=False)
    edge = 4  # the quiet edge that readers need
    parts = []
    for row, dots in enumerate(code.matrix):
        start = None
        for column, dot in enumerate([*dots, 0]):
            if dot and start is None:
                start = column
            elif not dot and start is not None:
                parts.append(f"M{start + edge} {row + edge}.5h{column - start}")
                start = None
    return len(code.matrix) + 2 * edge, "".join(parts)
