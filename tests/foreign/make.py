"""Make the files of this folder anew, each with a program that is not ours.

Run with a Python that has openpyxl and geopandas, where `ogr2ogr` (GDAL 3.6 or
later), `soffice` and a `/usr/bin/python3` with QGIS are installed::

    python tests/foreign/make.py

All hold the same six sites of the list below, except where README.md says so.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ("编号", "名称", "产业领域", "环节", "备注")
SITES = (
    ("S1", "宝安新材料园", "光刻胶", "研发设计", "宝安区", 113.85, 22.70),
    ("S2", "坪山材料基地", "半导体材料", "生产制造", "坪山区", 114.37, 22.70),
    ("S3", "龙岗宝龙地块", "新能源材料", "中试", "龙岗区，临近高速", 114.251, 22.72),
    ("S4", "光明科学城地块", "前沿新材料", "研发设计", "光明区", 113.935, 22.75),
    ("S5", "南山总部地块", "生物医用材料", "总部", "南山区", 113.95, 22.57),
    ("S6", "鹅埠片区", "新能源材料", "生产制造", "深汕特别合作区鹅埠", 115.01, 22.85),
)
QGIS = """
import os, sys
from qgis.core import QgsApplication, QgsCoordinateTransformContext, QgsVectorFileWriter, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(sys.argv[1], "sites", "ogr")
for name, driver in (("qgis.gpkg", "GPKG"), ("qgis.kml", "KML"), ("qgis/sites.shp", "ESRI Shapefile")):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName, options.fileEncoding = driver, "候选地块", "GB18030"
    done = QgsVectorFileWriter.writeAsVectorFormatV3(
        layer, sys.argv[2] + "/" + name, QgsCoordinateTransformContext(), options
    )
    assert done[0] == QgsVectorFileWriter.NoError, done
os._exit(0)  # QGIS without a window ends in a fault of its own
"""


def ogr2ogr(source: Path, target: Path, *options: str) -> None:
    """Convert with Debian's GDAL."""
    target.parent.mkdir(parents=True, exist_ok=True)
    env = os.environ | {"OGR_CURRENT_DATE": "2026-01-01T00:00:00Z"}
    subprocess.run(["ogr2ogr", *options, str(target), str(source)], check=True, env=env)


def geojson(path: Path, side: float = 0.0) -> Path:
    """The list as GeoJSON: points, or squares of `side` degrees."""
    features = []
    for *texts, lon, lat in SITES:
        ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
        kind, coordinates = ("Polygon", [ring]) if side else ("Point", [lon, lat])
        features.append(
            {
                "type": "Feature",
                "properties": dict(zip(COLUMNS, texts, strict=True)),
                "geometry": {"type": kind, "coordinates": coordinates},
            }
        )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def table(path: Path, encoding: str) -> Path:
    """The list as a CSV."""
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([*COLUMNS, "经度", "纬度"])
        writer.writerows(SITES)
    return path


def shapefiles(points: Path, squares: Path) -> None:
    """Shapefiles as they come: GBK without .prj and .cpg, with a lying .cpg, UTF-8, zipped, a folder."""
    for name, encoding in (("gbk-bare", "GBK"), ("gbk-cpg-says-utf8", "GBK"), ("utf8", "UTF-8")):
        ogr2ogr(points, HERE / name / "sites.shp", "-f", "ESRI Shapefile", "-lco", f"ENCODING={encoding}")
    for end in (".prj", ".cpg"):
        (HERE / "gbk-bare" / f"sites{end}").unlink()
    (HERE / "gbk-cpg-says-utf8" / "sites.cpg").write_text("UTF-8")
    shutil.make_archive(str(HERE / "utf8"), "zip", HERE / "utf8")
    shutil.rmtree(HERE / "utf8")
    for name, source in (("points", points), ("squares", squares)):
        ogr2ogr(source, HERE / "folder" / f"{name}.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8")


def vectors(points: Path, squares: Path, scratch: Path) -> None:
    """One file for each other format of GDAL."""
    for code in (4547, 4526):
        ogr2ogr(points, HERE / f"epsg{code}.gpkg", "-f", "GPKG", "-t_srs", f"EPSG:{code}", "-nln", "sites")
    ogr2ogr(points, HERE / "sites.geojson", "-f", "GeoJSON", "-lco", "RFC7946=YES")
    ogr2ogr(squares, HERE / "squares.geojson", "-f", "GeoJSON", "-nln", "sites")
    ogr2ogr(points, HERE / "sites.geojsonl", "-f", "GeoJSONSeq")
    ogr2ogr(points, HERE / "rs.geojsons", "-f", "GeoJSONSeq", "-lco", "RS=YES")
    ogr2ogr(points, HERE / "sites.kml", "-f", "KML", "-nln", "sites", "-dsco", "NameField=名称")
    ogr2ogr(squares, HERE / "squares.kmz", "-f", "LIBKML", "-nln", "squares")
    ogr2ogr(squares, HERE / "squares.gml", "-f", "GML", "-nln", "squares", "-t_srs", "EPSG:4490")
    ogr2ogr(points, HERE / "sites.fgb", "-f", "FlatGeobuf", "-t_srs", "EPSG:4490")
    ogr2ogr(points, scratch / "sites.gdb", "-f", "OpenFileGDB", "-nln", "sites")
    shutil.make_archive(str(HERE / "sites.gdb"), "zip", scratch, "sites.gdb")
    curves(scratch)
    ogr2ogr(squares, HERE / "squares.dxf", "-f", "DXF", "-t_srs", "EPSG:4547")


def frames(points: Path) -> None:
    """GeoParquet by geopandas."""
    import geopandas

    geopandas.read_file(points).to_crs(4490).to_parquet(HERE / "sites.parquet")


def workbooks(scratch: Path) -> None:
    """A CSV through LibreOffice, and a sheet with a title and merged headers by openpyxl."""
    import openpyxl

    source = table(scratch / "libreoffice.csv", "utf-8-sig")
    convert = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(HERE)]
    convert += ["--infilter=CSV:44,34,76,1", f"-env:UserInstallation=file://{scratch}/profile", str(source)]
    subprocess.run(convert, check=True)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "候选地块"
    sheet.append(["深圳市候选园区一览表"])
    sheet.append([*COLUMNS, "坐标", None])
    sheet.append([None] * 5 + ["经度", "纬度"])
    for row in SITES:
        sheet.append(row)
    sheet.merge_cells("A1:G1")
    for column in "ABCDE":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet.merge_cells("F2:G2")
    book.save(HERE / "merged-header.xlsx")


def qgis(points: Path) -> None:
    """GeoPackage, KML and a GB18030 shapefile by QGIS."""
    (HERE / "qgis").mkdir(exist_ok=True)
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ""}
    subprocess.run(["/usr/bin/python3", "-c", QGIS, str(points), str(HERE)], check=True, env=env)


def curves(scratch: Path) -> None:
    """A GeoPackage with an outline of arcs, and one of straight lines."""
    arcs = "CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(114 22.5,114.01 22.51,114.02 22.5),(114.02 22.5,114 22.5)))"
    rows = f'id,WKT\na,"{arcs}"\nb,"POLYGON((114 22,114.1 22,114.1 22.1,114 22))"\n'
    (scratch / "arcs.csv").write_text(rows, encoding="utf-8")
    (scratch / "arcs.vrt").write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="arcs"><SrcDataSource>{scratch}/arcs.csv</SrcDataSource>'
        "<GeometryType>wkbUnknown</GeometryType><LayerSRS>EPSG:4490</LayerSRS>"
        '<GeometryField encoding="WKT" field="WKT"/></OGRVRTLayer></OGRVRTDataSource>',
        encoding="utf-8",
    )
    (HERE / "curves").mkdir(exist_ok=True)
    ogr2ogr(scratch / "arcs.vrt", HERE / "curves" / "arcs.gpkg", "-f", "GPKG", "-nlt", "CURVEPOLYGON")


def main() -> None:
    """Clear the folder, then make every file."""
    for old in HERE.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
        elif old.name not in ("make.py", "README.md"):
            old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        points, squares = geojson(scratch / "sites.geojson"), geojson(scratch / "squares.geojson", 0.002)
        shapefiles(points, squares)
        vectors(points, squares, scratch)
        frames(points)
        workbooks(scratch)
        table(HERE / "gbk.csv", "gbk")
        qgis(points)


if __name__ == "__main__":
    main()
