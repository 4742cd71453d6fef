"""Open a GeoPackage of parksite in real QGIS and check the styles in it.

QGIS has a Python of its own, so this is a script beside the tests and not one of them::

    QT_QPA_PLATFORM=offscreen /usr/bin/python3 tests/qgis/check_styles.py sites.gpkg sheet.png

For each layer it takes the default style from the file, as QGIS does when a layer is
added, and checks that the renderer is categorised, that its colours are those of
``maps/symbology.yaml``, that every feature has a symbol, that labels are on and that
columns have Chinese names. Then it draws the layers into a picture to look at. It
ends with 1 if a check fails.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

COLUMN = {"sites": "match", "site_outlines": "match", "districts": "role_zh", "designations": "force"}
PALETTE = Path(__file__).resolve().parents[2] / "maps" / "symbology.yaml"
WIDTH, HEIGHT = 1600, 1000


def expected(layer: str) -> dict[str, str]:
    """Colour of each value of the styled column, as the palette has it."""
    import yaml

    words = yaml.safe_load(PALETTE.read_text(encoding="utf-8"))
    if layer == "districts":
        return words["roles"]
    kind = "match" if COLUMN[layer] == "match" else "force"
    return {name: style["colour"] for name, style in words[kind].items()}


def colour_of(symbol: Any) -> str:
    """The colour that tells a class: the first that is not white, fill before outline."""
    found = []
    for part in symbol.symbolLayers():
        if part.layerType() in ("SimpleFill", "SimpleMarker"):
            found += [part.fillColor().name(), part.strokeColor().name()]
        elif part.layerType() == "SimpleLine":
            found.append(part.color().name())
    return next((name for name in found if name != "#ffffff"), "#ffffff")


def faults_of(layer: Any) -> list[str]:
    """What is wrong with the default style of a layer; nothing if all is well."""
    from qgis.core import QgsRenderContext

    said, applied = layer.loadDefaultStyle()
    if not applied:
        return [f"no default style: {said}"]
    renderer = layer.renderer()
    if renderer.type() != "categorizedSymbol" or renderer.classAttribute() != COLUMN[layer.name()]:
        return [f"the renderer is {renderer.type()} by {renderer.classAttribute()}"]
    found = []
    known = expected(layer.name())
    for one in renderer.categories():
        names = str(one.value()).split("、")
        colours = {known[name] for name in names if name in known}
        if colours and colour_of(one.symbol()) not in colours:
            found.append(f"{one.value()}: {colour_of(one.symbol())} and not {colours}")
    context = QgsRenderContext()
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        if renderer.symbolForFeature(feature, context) is None:
            found.append(f"feature {feature['id']} has no symbol")
    renderer.stopRender(context)
    if layer.labelsEnabled() == (layer.name() == "site_outlines"):  # named in the layer of points
        found.append("no labels, or labels twice")
    if layer.attributeAlias(layer.fields().indexOf("id")) == "":
        found.append("columns have no Chinese names")
    return found


def picture(layers: list[Any], path: Path) -> None:
    """Draw layers, the first on top, as QGIS does on its canvas."""
    from qgis.core import QgsMapRendererParallelJob, QgsMapSettings
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setBackgroundColor(QColor("#dfe9ee"))
    settings.setOutputSize(QSize(WIDTH, HEIGHT))
    settings.setOutputDpi(110)
    settings.setDestinationCrs(layers[0].crs())
    extent = layers[-1].extent()
    extent.scale(1.05)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(path))


def examine(package: Path, sheet: Path) -> int:
    """Check every layer and draw them; the number of faults."""
    from qgis.core import QgsVectorLayer

    layers: dict[str, Any] = {}
    wrong = 0
    for name in COLUMN:
        layer = QgsVectorLayer(f"{package}|layername={name}", name, "ogr")
        if not layer.isValid():
            sys.stdout.write(f"{name}: not in the file\n")
            wrong += name != "site_outlines"
            continue
        faults = faults_of(layer)
        wrong += len(faults)
        layers[name] = layer
        count = layer.listStylesInDatabase()[0]
        sys.stdout.write(f"{name}: {layer.featureCount()} features, {count} style for it, {faults or 'ok'}\n")
    picture([layers[name] for name in ("sites", "site_outlines", "districts") if name in layers], sheet)
    picture([layers["designations"]], sheet.with_name(f"{sheet.stem}-designations{sheet.suffix}"))
    return wrong


def main(package: Path, sheet: Path) -> int:
    """Run QGIS without a window; the exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    wrong = examine(package, sheet)
    application.exitQgis()  # after `examine`, whose layers are gone by now
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
