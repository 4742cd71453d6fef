# ruff: noqa: E501 - one column a line
"""Notes on every column of the results, in both languages.

They appear in the header cells of the workbook, as column names in QGIS and in the
tables of ``data/README.md``, which a test holds to them (`geo.tables.columns.markdown`).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["text", "number", "whole", "truth", "date", "moment"]


class Note(NamedTuple):
    """What a column is: short Chinese name, meaning in both languages, unit, kind of value."""

    label: str
    zh: str
    en: str
    unit: str = ""
    kind: Kind = "text"


_OF_SITES: dict[str, Note] = {
    "id": Note("编号", "选址编号，照录文件；文件未填时为行号", "id of the site, verbatim; the row number where the file gives none"),
    "name": Note("名称", "选址名称，照录文件", "name of the site"),
    "lon": Note("经度", "换算后选址点的经度；面状选址取面内一点", "longitude of the site, or of a point inside the polygon, after conversion", "degree, WGS84", "number"),
    "lat": Note("纬度", "同一点的纬度", "latitude of the same point", "degree, WGS84", "number"),
    "datum": Note("坐标基准", "经纬度两列的坐标基准，恒为 wgs84；文件所填见 datum_input", "datum of `lon` and `lat`, always `wgs84`; what the file said stands in `datum_input`"),
    "datum_basis": Note("基准来由", "declared：由行、选项或文件声明；assumed：未声明，为假定", "`declared` by row, option or file, or `assumed`"),
    "if_datum": Note("若为他种基准", "坐标基准未声明时，若实为 GCJ-02 或 BD-09，选址将位于的区（仅列与判定不同者）", "where the datum was assumed: the district if it were GCJ-02 or BD-09, as `gcj02: 龙岗区`, where that differs"),
    "position_accuracy_m": Note("位置精度", "坐标转换所注明的精度；精确为 0，未知为空", "what the conversion of the position is stated to be good for; 0 where it is exact, empty where it is not known", "m", "number"),
    "district": Note("所在区编号", "所在区的编号；面状选址取占比最大的区；市域外为空", "id of the district; for a polygon that of the largest share; empty outside"),
    "district_zh": Note("所在区", "所在区的中文名", "its Chinese name"),
    "district_en": Note("所在区（英文）", "所在区的英文名", "its English name"),
    "certainty": Note("区属把握", "确定、临近界线、跨界或范围外的代码", "`certain`, `near_boundary`, `straddles` or `outside`"),
    "certainty_zh": Note("区属把握（中文）", "上一列的中文", "the same in Chinese"),
    "possible": Note("可能的区", "区属不确定时的候选区编号，含 outside（市域外）", "ids of the candidate areas, `outside` included, where the district is not certain"),
    "shares": Note("各区占比", "选址面积在各区的占比，形如 id 0.6000", "share of the site by area, as `id 0.6000`", "1"),
    "boundary_distance_m": Note("距界距离", "至最近的区界或市界（不含海岸）的距离；跨界时为 0", "distance to the nearest border with another area or the city limit, not to the coast; 0 where the site crosses one", "m, EPSG:4547", "number"),
    "area_ha": Note("面积（公顷）", "面状选址的面积；点状为空", "area of a polygon; empty for a point", "ha, EPSG:4547", "number"),
    "area_mu": Note("面积（亩）", "同上；15 亩为 1 公顷", "the same; 15 mu are one hectare", "mu", "number"),
    "field": Note("产业领域编号", "所问领域：七大领域之一，或 2018 年方案的产业", "field asked: one of the seven, or an industry of the 2018 scheme"),
    "term": Note("匹配词条", "所匹配分类词条的编号", "id of the taxonomy entry that matched"),
    "term_zh": Note("匹配词条（中文）", "词条的中文名", "its Chinese name"),
    "term_en": Note("匹配词条（英文）", "词条的英文名", "its English name"),
    "field_query": Note("所填领域", "领域的原填写", "field as typed"),
    "stage": Note("环节", "所问价值链环节的代码", "stage asked: `rd_design`, `production`, `headquarters`, `pilot` or `application`"),
    "stage_zh": Note("环节（中文）", "上一列的中文", "the same in Chinese"),
    "match": Note("是否相符", "所问领域与环节是否符合该区角色（代码）", "`designated`, `stage_elsewhere`, `elsewhere`, `silent`, `outside`, `not_asked` or `unrecognised`"),
    "match_zh": Note("是否相符（中文）", "上一列的中文", "the same in Chinese"),
    "force": Note("依据效力", "判定依据在基准日的效力（代码）", "force of what decided on the day: `in_force`, `lapsed` or `none`"),
    "force_zh": Note("依据效力（中文）", "上一列的中文", "the same in Chinese"),
    "basis": Note("领域依据", "explicit：条款写明该领域；interpreted：为本登记册的理解", "`explicit`: a deciding clause names the field; `interpreted`: our reading"),
    "role_zh": Note("角色", "作出判定的角色；无则为现行角色，再无则为最近到期文件的角色", "roles of the place that decided; where none decided, its roles in force, else those of the latest lapsed document"),
    "role_en": Note("角色（英文）", "上一列的英文", "the same in English"),
    "instrument": Note("文件编号", "首个角色所出文件的编号", "id of the document of the first of these roles"),
    "instrument_zh": Note("文件名称", "该文件的中文名称", "its Chinese title"),
    "document_number": Note("文号", "该文件的文号；文件未载时为空", "its number; empty where the document states none"),
    "clause": Note("条款", "部分与条款", "part and clause"),
    "from": Note("起效日", "效力的首日", "first day of its force", "ISO date"),
    "to": Note("止效日", "效力的末日（含当日）", "last day of its force, inclusive", "ISO date"),
    "support": Note("现行支持条款", "支持在当地建设、但未指定角色的现行条款", "clauses in force that back building there and assign no role"),
    "elsewhere": Note("指定给其他区", "拥有该领域或该环节的其他地点，附角色与条款", "other places that have the field, or the stage, with role and clause"),
    "explanation_zh": Note("说明", "判定的文字说明，可用于报告", "the verdict in sentences, for a report"),
    "explanation_en": Note("说明（英文）", "上一列的英文", "the same in English"),
    "notes_zh": Note("备注", "对该行所作的修复与存疑之处", "what was repaired in the row or looks odd, in Chinese"),
    "notes_en": Note("备注（英文）", "上一列的英文", "the same in English"),
    "sample": Note("示例标记", "示例数据在此注明", "says so where the site is sample data"),
    "as_of": Note("基准日", "核对的基准日", "day of the question", "ISO date"),
    "register_version": Note("登记册版本", "政策登记册的版本及其文件摘要", "version of the register, with a digest of its files"),
    "boundary_source": Note("界线来源", "区界图形的来源", "source of the district outlines"),
    "boundary_vintage": Note("界线版本", "区界图形的版本", "its vintage"),
    "boundary_datum": Note("界线坐标基准", "区界在其来源中的坐标基准", "datum of the outlines in their source"),
}  # fmt: skip

_OF_DISTRICTS: dict[str, Note] = {
    "id": Note("区编号", "区的编号", "id of the district"),
    "name_zh": Note("区名", "区的中文名", "Chinese name"),
    "name_en": Note("区名（英文）", "区的英文名", "English name"),
    "role_zh": Note("角色", "现行角色；无则为最近到期文件的角色", "roles in force on the day, else those of the latest lapsed document"),
    "role_en": Note("角色（英文）", "上一列的英文", "the same in English"),
    "instrument": Note("文件编号", "角色所出文件的编号", "document of the first of these roles"),
    "force": Note("效力", "该文件在基准日的效力（代码）", "its force on the day: `in_force`, `lapsed` or `none`"),
    "area_ha": Note("图形面积", "区界图形的面积，含近岸海域", "area of the outline, near-shore sea included", "ha, EPSG:4547", "number"),
    "official_land_ha": Note("官方陆域面积", "官方公布的陆域面积", "official land area", "ha", "number"),
    "approximate": Note("是否近似界线", "界线是否为本工具所拟、非官方", "whether the outline is ours and not official", "", "truth"),
    "as_of": Note("基准日", "核对的基准日", "day of the question", "ISO date"),
    "source": Note("界线来源", "区界图形的来源", "source of the outlines"),
    "vintage": Note("界线版本", "区界图形的版本", "its vintage"),
    "datum": Note("界线坐标基准", "区界在其来源中的坐标基准", "datum of the outlines in their source"),
    "register_version": Note("登记册版本", "政策登记册的版本及其文件摘要", "version of the register, with a digest of its files"),
}  # fmt: skip

_OF_DESIGNATIONS: dict[str, Note] = {
    "id": Note("条目编号", "登记册中该条目的编号", "id of the designation in the register"),
    "kind": Note("类别", "role：指定角色；support：支持建设而不指定角色", "`role` (assigns a cluster role) or `support` (backs building, assigns none)"),
    "kind_zh": Note("类别（中文）", "上一列的中文", "the same in Chinese"),
    "place": Note("地点编号", "条款所说的区的编号", "id of the district that the clause speaks of"),
    "place_zh": Note("地点", "该区的中文名", "its Chinese name"),
    "place_en": Note("地点（英文）", "该区的英文名", "its English name"),
    "then_with": Note("当时所辖", "文件生效时属于该区、其后析出的区的编号；图形含这些区", "ids of the districts that were then part of it and were split off later; the outline includes them"),
    "role_zh": Note("角色", "文件所用的正式名称", "the official words for the role, or for what is backed"),
    "role_en": Note("角色（英文）", "上一列的英文", "the same in English"),
    "instrument": Note("文件编号", "所出文件的编号", "id of the document"),
    "instrument_zh": Note("文件名称", "该文件的中文名称", "its Chinese title"),
    "instrument_en": Note("文件名称（英文）", "该文件的英文名称", "its English title"),
    "document_number": Note("文号", "该文件的文号；文件未载时为空", "its number; empty where the document states none"),
    "clause": Note("条款", "部分与条款", "part and clause"),
    "clause_en": Note("条款（英文）", "上一列的英文", "the same in English"),
    "fields": Note("领域编号", "所涵盖领域的编号；条款未点名时为空", "ids of the fields that it covers; empty where the clause names none"),
    "fields_zh": Note("领域", "领域的中文名", "their Chinese names"),
    "basis": Note("领域依据", "各领域的依据：explicit 写明，interpreted 为理解", "for each field `explicit` or `interpreted`, as `polymer explicit`"),
    "stages": Note("环节", "条款及同一文件布局所涉环节的代码；空为全部", "stages of the clause and of the layout in the same document; empty covers all"),
    "stages_zh": Note("环节（中文）", "上一列的中文", "the same in Chinese"),
    "force": Note("效力", "文件在基准日的效力（代码）", "force of the document on the day: `in_force`, `lapsed`, `not_yet` or `draft`"),
    "force_zh": Note("效力（中文）", "上一列的中文", "the same in Chinese"),
    "from": Note("起效日", "效力的首日", "first day of its force", "ISO date"),
    "to": Note("止效日", "效力的末日（含当日）", "last day of its force, inclusive", "ISO date"),
    "to_basis": Note("止效日依据", "explicit：文件写明；interpreted：为理解", "whether that day is `explicit` or `interpreted`"),
    "approximate": Note("是否近似界线", "图形是否含本工具所拟、非官方的界线", "whether an outline of ours, not official, is in it", "", "truth"),
    "as_of": Note("基准日", "核对的基准日", "day of the question", "ISO date"),
    "register_version": Note("登记册版本", "政策登记册的版本及其文件摘要", "version of the register, with a digest of its files"),
}  # fmt: skip

NOTES: dict[str, dict[str, Note]] = {
    "sites": _OF_SITES,
    "site_outlines": _OF_SITES,
    "districts": _OF_DISTRICTS,
    "designations": _OF_DESIGNATIONS,
}
