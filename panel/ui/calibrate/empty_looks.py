"""The empty looks of a box as a person can check them: what is compared, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QCoreApplication, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from panel.core.target import Picture
from panel.ui.calibrate.pictures import decoded

GAP = 6
_VEIL, _STRIPES = QColor(227, 179, 65, 120), QColor(40, 30, 0, 200)


def looks_image(looks: Sequence[Picture]) -> QImage:
    """All looks below each other, the parts that are not compared striped; null without a look.

    One image pixel a native pixel. For any thread.
    """
    images = [_with_mask(look) for look in looks]
    images = [image for image in images if not image.isNull()]
    if len(images) < 2:
        return images[0] if images else QImage()
    height = sum(image.height() for image in images) + GAP * (len(images) - 1)
    ground = QImage(
        max(image.width() for image in images),
        height,
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    ground.fill(Qt.GlobalColor.transparent)
    painter = QPainter(ground)
    top = 0
    for image in images:
        painter.drawImage(0, top, image)
        top += image.height() + GAP
    painter.end()
    return ground


def looks_words(looks: Sequence[Picture]) -> str:
    """What is kept and what of it is compared, in a sentence or two; empty without a look."""
    if not looks:
        return ""
    tr = _tr
    words = [] if len(looks) == 1 else [tr("{0} looks are kept; one of them has to fit.")]
    if any(look.mask_png is not None for look in looks):
        words.append(tr("What is striped changes by itself (a caret) and is not compared."))
    else:
        words.append(tr("All of it is compared."))
    return " ".join(words).format(len(looks))


def _with_mask(look: Picture) -> QImage:
    image = decoded(look.png).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    if look.mask_png is None or image.isNull():
        return image
    compared = QImage.fromData(QByteArray(look.mask_png)).convertToFormat(
        QImage.Format.Format_Grayscale8
    )
    if compared.size() != image.size():
        return image
    compared.invertPixels()
    veil = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    veil.fill(_VEIL)
    painter = QPainter(veil)
    painter.fillRect(veil.rect(), QBrush(_STRIPES, Qt.BrushStyle.BDiagPattern))
    painter.end()
    # The destination keeps what lies under the mask's white, by the mask as its alpha.
    mask = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    mask.fill(Qt.GlobalColor.black)
    mask.setAlphaChannel(compared)
    painter = QPainter(veil)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, mask)
    painter.end()
    painter = QPainter(image)
    painter.drawImage(0, 0, veil)
    painter.end()
    return image


def _tr(text: str) -> str:
    return QCoreApplication.translate("EmptyLooks", text)
