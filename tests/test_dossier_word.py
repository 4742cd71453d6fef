"""Word files: their markup as Word reads it, and their pages as LibreOffice lays them out."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from dossiers_made import make_case
from PIL import Image
from programs import soffice_path
from typefaces import with_fonts

from geo.dossier import template, word
from geo.dossier.blocks import Document, Heading, Paragraph, Picture, Table
from geo.dossier.closing import cover
from geo.dossier.words import Words
from geo.errors import InputError
from geo.pipeline import Context
from geo.settings import Settings

LONG = "该地块位于沙井街道，按《意见》（深府〔2022〕1号）属“新材料”重点区域；上游原料合成须另行论证——以主管部门为准。"
HOSTILE = (
    "\x00\x0b\x1b bell\x07",
    "lone \ud800 surrogate \ufffe",
    "{{body}} {{title}} { TOC \\o } ]]> <w:fldSimple w:instr='DATE'/> &amp; <!--",
    "\u202etxt.exe\u2066 شنتشن",
    '=HYPERLINK("http://x") \'quote" `tick` #typst[*]',
    "x" * 10_000,
    "深" * 10_000,
    "line\nbreak\r\ntab\there\u2028end",
)


@pytest.fixture(scope="module")
def words(settings: Settings) -> Words:
    return Words.load(settings)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("picture") / "sheet.png"
    Image.new("RGB", (1320, 1200), "#9fb8a8").save(path, dpi=(220, 220))
    return path


def chinese(picture: Path) -> Document:
    rows = tuple((str(n), LONG[: 30 + n], "第3条", f"{n * 12.5:,.2f}", "指定") for n in range(1, 31))
    return Document(
        "选址核对报告",
        "示例园区甲",
        "zh",
        (("基准日", "2026年3月5日"), ("登记册", "2026.2")),
        "产业园选址研究",
        "内部",
        "内部工作用图，未经审图",
        (
            Heading("结论", 1),
            Paragraph("结论：相符。", "lead"),
            Paragraph(LONG),
            Paragraph("未核对用地权属。", "bullet"),
            Table("地块情况", (), (("编号", "S-001"), ("面积", "12.35 公顷（185.25 亩）")), (0.3, 0.7)),
            Heading("位置", 1),
            Heading("区位", 2),
            Picture("各区角色", picture, "各区产业角色分布图"),
            Heading("图纸", 2),
            Picture("选址位置图", picture, "选址位置", landscape=True),
            Picture("选址证据图", picture, "选址证据", landscape=True),
            Heading("沿革", 1),
            Heading("文件", 2),
            Heading("清单", 3),
            Table(
                "历次文件", ("序号", "文件", "条款", "面积", "效力"), rows, (0.1, 0.5, 0.12, 0.14, 0.14), "注：椭球面。"
            ),
            Paragraph(LONG, "note"),
        ),
    )


def english(picture: Path) -> Document:
    return Document(
        "Site check",
        "Sample park A",
        "en",
        (("As of", "2026-03-05"),),
        "Site study",
        "Internal",
        "Internal working map",
        (
            Heading("Summary", 1),
            Paragraph("It fits. " * 40),
            Heading("Place", 2),
            Table("Measures", ("Document", "Cap"), (("An opinion", "1,000"), ("A plan", "20,000")), (0.7, 0.3)),
            Heading("Sheets", 1),
            Picture("Location", picture, "Where it is", landscape=True),
        ),
    )


def flowing(picture: Path) -> Document:
    """Twenty-four headings over pages that nothing but their length ends."""
    blocks: list[Any] = []
    for number in range(1, 25):
        blocks += [Heading(f"第{'甲乙丙丁'[number % 4]}{number}节", 1 + number % 2)]
        blocks += [Paragraph(LONG * (1 + number % 5), "note" if number % 7 == 0 else "body")]
        if number % 3 == 0:
            rows = tuple((str(at), LONG[: 9 * at + number], f"{at * 1.5:.2f}") for at in range(1, 6))
            blocks += [Table("明细", ("序号", "说明", "面积"), rows, (0.15, 0.6, 0.25))]
        if number % 8 == 0:
            blocks += [Picture("分布", picture, "分布")]
    return replace(chinese(picture), blocks=tuple(blocks))


Write = Callable[..., Path]


@pytest.fixture
def write(words: Words, tmp_path: Path) -> Write:
    def made(document: Document, template: Path | None = None) -> Path:
        path = tmp_path / "made.docx"
        word.write(document, path, words, template)
        return path

    return made


def body(path: Path) -> Any:
    return docx.Document(str(path)).element.body


def attribute(element: Any, name: str) -> Any:
    return element.get(qn(f"w:{name}"))


def style_of(paragraph: Any) -> str:
    return str(paragraph.style.name)


def test_headings_are_word_styles_with_one_numbering(write: Write, picture: Path) -> None:
    made = docx.Document(str(write(chinese(picture))))
    heads = [(style_of(one), one.text) for one in made.paragraphs if style_of(one).startswith("Heading")]
    assert heads[:3] == [("Heading 1", "结论"), ("Heading 1", "位置"), ("Heading 2", "区位")]
    root = made.part.numbering_part.element
    styles = {name: made.styles[f"Heading {name}"] for name in (1, 2, 3)}
    used = {one.element.pPr.numPr.numId.val for one in styles.values()}
    assert len(used) == 1
    number = next(one for one in root.findall(qn("w:num")) if one.numId in used)
    definition = next(
        one
        for one in root.findall(qn("w:abstractNum"))
        if attribute(one, "abstractNumId") == str(number.abstractNumId.val)
    )
    levels = definition.findall(qn("w:lvl"))
    assert [attribute(one.find(qn("w:lvlText")), "val") for one in levels] == ["%1", "%1.%2", "%1.%2.%3"]
    assert [attribute(one.find(qn("w:pStyle")), "val") for one in levels] == [s.style_id for s in styles.values()]
    for style in styles.values():
        assert style.element.pPr.keepNext is not None


def test_fonts_are_set_for_both_scripts_and_chinese_body_stands_in(write: Write, picture: Path) -> None:
    made = docx.Document(str(write(chinese(picture))))

    def fonts(name: str) -> tuple[Any, Any]:
        held = made.styles[name].element.rPr.rFonts
        return attribute(held, "eastAsia"), attribute(held, "ascii")

    assert fonts("Normal") == ("宋体", "Times New Roman")
    assert fonts("Heading 1") == fonts("Title") == ("黑体", "Arial")
    assert attribute(made.styles["Body Text"].element.pPr.ind, "firstLineChars") == "200"
    tongue = made.styles.element.find(f".//{qn('w:lang')}")
    assert (attribute(tongue, "val"), attribute(tongue, "eastAsia")) == ("en-GB", "zh-CN")
    english_body = docx.Document(str(write(english(picture)))).styles["Body Text"].element.pPr.ind
    assert attribute(english_body, "firstLineChars") == "0"


def test_quotes_of_chinese_text_are_of_full_width(write: Write, picture: Path) -> None:
    made = docx.Document(str(write(chinese(picture))))
    run = next(one for one in made.paragraphs if "“新材料”" in one.text).runs[0]
    assert attribute(run._r.rPr.rFonts, "hint") == "eastAsia"


def test_captions_count_with_fields_and_are_bookmarked(write: Write, picture: Path) -> None:
    made = docx.Document(str(write(chinese(picture))))
    captions = [one for one in made.paragraphs if style_of(one) == "Caption"]
    assert [one.text for one in captions] == [
        "表 1\u3000地块情况",
        "图 1\u3000各区角色",
        "图 2\u3000选址位置图",
        "图 3\u3000选址证据图",
        "表 2\u3000历次文件",
    ]
    codes = ["".join(text.text for text in one._p.iter(qn("w:instrText"))).strip() for one in captions]
    assert codes == [r"SEQ 表 \* ARABIC", *[r"SEQ 图 \* ARABIC"] * 3, r"SEQ 表 \* ARABIC"]
    marks = [attribute(one._p.find(qn("w:bookmarkStart")), "name") for one in captions]
    assert marks == ["table_1", "figure_1", "figure_2", "figure_3", "table_2"]
    for one in captions:
        follows = one._p.getnext()
        if one.text.startswith("表"):
            assert follows.tag == qn("w:tbl") and one.paragraph_format.keep_with_next
        else:
            before = one._p.getprevious()
            assert before.find(f".//{qn('w:drawing')}") is not None
    assert made.styles["Parksite Picture"].paragraph_format.keep_with_next


def test_numbers_of_bookmarks_and_drawings_are_all_different(write: Write, picture: Path) -> None:
    root = body(write(chinese(picture)))
    marks = [attribute(one, "id") for one in root.iter(qn("w:bookmarkStart"))]
    drawings = [one.get("id") for one in root.iter(qn("wp:docPr"))]
    assert len(marks) == len(set(marks)) and len(drawings) == len(set(drawings)) == 3


def test_contents_are_a_field_with_its_entries(write: Write, picture: Path) -> None:
    root = body(write(chinese(picture)))
    block = root.find(qn("w:sdt"))
    assert attribute(block.find(f".//{qn('w:docPartGallery')}"), "val") == "Table of Contents"
    codes = [one.text.split() for one in block.iter(qn("w:instrText"))]
    links = list(block.iter(qn("w:hyperlink")))
    pointed = [["PAGEREF", attribute(link, "anchor"), r"\h"] for link in links]
    assert codes == [["TOC", r"\o", '"1-3"', r"\h", r"\z", r"\u"], *pointed]
    kinds = [attribute(one, "fldCharType") for one in block.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", *["begin", "separate", "end"] * len(links), "end"]
    said = ["".join([one.text for one in link.iter(qn("w:t"))][:-1]) for link in links]
    assert said == ["1结论", "2位置", "2.1区位", "2.2图纸", "3沿革", "3.1文件", "3.1.1清单"]
    marks = {attribute(one, "name") for one in root.iter(qn("w:bookmarkStart"))}
    assert {attribute(one, "anchor") for one in links} <= marks


def test_file_does_not_make_word_ask_a_question(write: Write, picture: Path) -> None:
    path = write(chinese(picture))
    assert docx.Document(str(path)).settings.element.find(qn("w:updateFields")) is None
    assert not [one for one in body(path).iter(qn("w:fldChar")) if attribute(one, "dirty")]


def test_tables_have_fixed_widths_whole_rows_and_a_header_on_each_page(write: Write, picture: Path) -> None:
    made = docx.Document(str(write(chinese(picture))))
    cover, facts, listed = (one._tbl for one in made.tables)
    assert len(cover.tr_lst) == 2
    assert attribute(listed.tblPr.find(qn("w:tblLayout")), "type") == "fixed"
    grid = [int(attribute(one, "w")) for one in listed.tblGrid.gridCol_lst]
    section = made.sections[-1]
    text = section.page_width.twips - section.left_margin.twips - section.right_margin.twips
    assert sum(grid) == text
    assert [round(one / text, 2) for one in grid] == [0.1, 0.5, 0.12, 0.14, 0.14]
    for number, row in enumerate(listed.tr_lst):
        assert [int(attribute(cell.tcPr.find(qn("w:tcW")), "w")) for cell in row.tc_lst] == grid
        assert row.trPr.find(qn("w:cantSplit")) is not None
        assert (row.trPr.find(qn("w:tblHeader")) is not None) == (number == 0)
    assert not list(facts.iter(qn("w:tblHeader")))
    aligned = [attribute(cell.p_lst[0].pPr.jc, "val") for cell in listed.tr_lst[1].tc_lst]
    assert aligned == ["center", "left", "center", "right", "center"]


def test_pictures_say_what_they_show_and_fit(write: Write, picture: Path) -> None:
    made = docx.Document(str(write(chinese(picture))))
    said = [one.get("descr") for one in made.element.body.iter(qn("wp:docPr"))]
    assert said == ["各区产业角色分布图", "选址位置", "选址证据"]
    upright, lying = made.sections[0], made.sections[1]
    for shape, section in zip(made.inline_shapes, (upright, lying, lying), strict=True):
        assert shape.width <= section.page_width - section.left_margin - section.right_margin + 635
        assert shape.height < section.page_height - section.top_margin - section.bottom_margin
        assert shape.width / shape.height == pytest.approx(1.1, rel=0.001)
    assert made.inline_shapes[0].width == pytest.approx(152.4 * 36_000, abs=0.3 * 36_000)


def sheet(path: Path, wide: float, high: float) -> Path:
    """A picture that says it is this large, in millimetres."""
    Image.new("L", (round(wide / 25.4 * 220), round(high / 25.4 * 220)), 200).save(path, dpi=(220, 220))
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("size", "landscape", "own", "reduced"),
    [((155, 192), False, True, False), ((246, 146), True, True, False), ((60, 40), False, True, False),
     ((60, 40), True, False, False), ((190, 150), False, True, True), ((260, 120), True, True, True),
     ((155, 192), False, False, True), ((246, 146), True, False, True)],
)  # fmt: skip
def test_a_picture_is_as_large_as_it_says_or_the_caption_says_otherwise(
    size: tuple[float, float], landscape: bool, own: bool, reduced: bool, lang: Any,
    write: Write, words: Words, tmp_path: Path,
) -> None:  # fmt: skip
    picture = Picture("位置图", sheet(tmp_path / "a.png", *size), "位置", landscape=landscape)
    document = replace(english(picture.path), lang=lang, blocks=(Heading("附图", 1), picture))
    root = body(write(document, None if own else cover_sheet_english(tmp_path / "t.docx")))
    (extent,) = root.iter(qn("wp:extent"))
    placed = tuple(int(extent.get(name)) / 914_400 * 25.4 for name in ("cx", "cy"))
    said = "".join(one.text or "" for one in root.iter(qn("w:t")))
    assert (words.say("writer.reduced", lang) in said) is reduced
    if reduced:
        assert placed[0] / placed[1] == pytest.approx(size[0] / size[1], rel=0.01)
        assert placed[0] < size[0] - 0.3
    else:
        assert placed == pytest.approx(size, abs=0.3)


def test_a_picture_without_a_resolution_fills_the_room(write: Write, tmp_path: Path) -> None:
    plain = tmp_path / "plain.png"
    Image.new("L", (300, 200), 200).save(plain)
    (shape,) = docx.Document(str(write(english(plain)))).inline_shapes
    assert (
        shape.height > 100 * 36_000 and "reduced" not in docx.Document(str(tmp_path / "made.docx")).paragraphs[-1].text
    )


def test_landscape_pages_turn_and_return(write: Write, picture: Path) -> None:
    made = docx.Document(str(write(chinese(picture))))
    assert [one.page_width > one.page_height for one in made.sections] == [False, True, False]
    assert [one.different_first_page_header_footer for one in made.sections] == [True, False, False]
    for section in made.sections:
        width = section.page_width.twips - section.left_margin.twips - section.right_margin.twips
        tabs = section.header.paragraphs[0].paragraph_format.tab_stops
        assert [round(stop.position.twips) for stop in tabs] == [width]
        assert section.header.paragraphs[0].text == "产业园选址研究\t密级：内部"
        codes = [one.text.strip() for one in section.footer._element.iter(qn("w:instrText"))]
        assert codes == ["PAGE", "NUMPAGES"] and "内部工作用图" in section.footer.paragraphs[1].text


def test_properties_say_what_it_is_and_not_when_or_by_whom_it_was_made(write: Write, picture: Path) -> None:
    held = docx.Document(str(write(chinese(picture)))).core_properties
    assert (held.title, held.subject, held.language) == ("选址核对报告", "示例园区甲", "zh-CN")
    assert held.created.date() == held.modified.date() == date(2026, 3, 5)
    assert held.author == held.last_modified_by == held.comments == ""


def test_same_document_gives_the_same_bytes(write: Write, picture: Path, tmp_path: Path) -> None:
    first = write(chinese(picture)).read_bytes()
    elsewhere = tmp_path / "other.png"
    shutil.copy(picture, elsewhere)
    assert write(chinese(elsewhere)).read_bytes() == first
    assert write(english(picture)).read_bytes() != first


def test_parts_are_those_that_are_used_and_nothing_lies_outside(write: Write, picture: Path) -> None:
    with zipfile.ZipFile(write(chinese(picture))) as archive:
        names = set(archive.namelist())
        assert not any(re.search("thumbnail|customXml|stylesWithEffects", name) for name in names)
        for name in names:
            if name.endswith(".rels"):
                assert b"External" not in archive.read(name)


def hostile(picture: Path) -> Document:
    text = " ".join(HOSTILE)
    blocks = [Heading(one, 1) for one in HOSTILE[:5]]
    rows = tuple((one, one) for one in HOSTILE)
    return replace(
        chinese(picture),
        title=HOSTILE[2],
        subtitle=text[:400],
        project=text,
        confidentiality=HOSTILE[3],
        status=text,
        facts=(("基准日", HOSTILE[0]), (HOSTILE[4], HOSTILE[4])),
        blocks=(
            *blocks,
            *(Paragraph(one) for one in HOSTILE),
            Table(HOSTILE[2], ("a", HOSTILE[3]), rows, (0.2, 0.8), text),
            Table("empty", (), (), (1.0,)),
            Picture(HOSTILE[2], picture, text, landscape=True),
        ),
    )


def test_hostile_text_stays_text(write: Write, picture: Path) -> None:
    path = write(hostile(picture))
    made = docx.Document(str(path))
    texts = [one.text for one in made.paragraphs]
    assert HOSTILE[2] in texts and HOSTILE[4] in texts and HOSTILE[6] in texts
    assert "���" in "".join(texts).replace(" ", "") and "\u202e" not in "".join(texts)
    assert "line\nbreak\ntab\there\nend" in texts
    codes = {one.text.split()[0] for one in made.element.body.iter(qn("w:instrText"))}
    assert codes == {"TOC", "PAGEREF", "SEQ"}
    assert not list(made.element.body.iter(qn("w:fldSimple")))
    assert all(len(one.header.paragraphs[0].text) < 200 for one in made.sections)
    with zipfile.ZipFile(path) as archive:
        assert not any(b"External" in archive.read(name) for name in archive.namelist() if name.endswith(".rels"))


# ---- the user's template


def saved(document: Any, path: Path) -> Path:
    document.save(str(path))
    return path


def cover_sheet(path: Path, *, placed: bool = True) -> Path:
    """A template with a cover whose placeholders Word has split, its own heading style and header."""
    made = docx.Document()
    made.styles["Heading 1"].font.name = "Courier New"
    paragraph = made.add_paragraph("院标题：")
    for piece in ("{", "{ti", "tle", "}} 第一版"):
        paragraph.add_run(piece)
    paragraph.runs[1].bold = True
    made.add_table(1, 2).rows[0].cells[1].text = "{{ 基准日 }} / {{as_of}}"
    section = made.sections[0]
    section.header.paragraphs[0].text = "某设计院 {{project}} {{confidentiality}}"
    section.footer.paragraphs[0].text = "{{status}}"
    if placed:
        made.add_paragraph("{{contents}}")
        made.add_paragraph("前言")
        made.add_paragraph("{{body}}")
        made.add_paragraph("附件说明")
    return saved(made, path)


def test_template_keeps_its_cover_styles_and_header(write: Write, picture: Path, tmp_path: Path) -> None:
    path = write(chinese(picture), cover_sheet(tmp_path / "t.docx"))
    made = docx.Document(str(path))
    texts = [one.text for one in made.paragraphs]
    assert texts[0] == "院标题：选址核对报告 第一版" and texts.index("前言") < texts.index("结论") < texts.index(
        "附件说明"
    )
    assert next(one for one in made.paragraphs[0].runs if "选址核对报告" in one.text).bold
    assert made.tables[0].rows[0].cells[1].text == "2026年3月5日 / 2026年3月5日"
    assert made.sections[0].header.paragraphs[0].text == "某设计院 产业园选址研究 内部"
    assert made.sections[0].footer.paragraphs[0].text == "内部工作用图，未经审图"
    assert made.styles["Heading 1"].font.name == "Courier New"
    assert "Parksite Table" in [one.name for one in made.styles]
    assert "{{" not in "".join(one.text or "" for one in made.element.body.iter(qn("w:t")))
    heading = next(one for one in made.paragraphs if one.text == "区位")
    assert heading._p.pPr.numPr.ilvl.val == 1  # its own style has no number
    contents = made.element.body.find(qn("w:sdt"))
    assert contents.getnext() is next(one._p for one in made.paragraphs if one.text == "前言")
    widths = [one.page_width > one.page_height for one in made.sections]
    assert widths == [False, True, False]


def test_body_comes_last_on_a_new_page_where_the_template_has_no_place_for_it(
    write: Write, picture: Path, tmp_path: Path
) -> None:
    made = docx.Document(str(write(english(picture), cover_sheet_english(tmp_path / "t.docx"))))
    assert made.paragraphs[0].text == "Institute: Site check"
    contents = made.element.body.find(qn("w:sdt"))
    assert contents.find(f".//{qn('w:pageBreakBefore')}") is not None
    summary = next(one for one in made.paragraphs if one.text == "Summary")
    assert summary.paragraph_format.page_break_before


def cover_sheet_english(path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("Institute: {{TITLE}}")
    return saved(made, path)


def test_styles_with_chinese_names_are_taken(write: Write, picture: Path, tmp_path: Path) -> None:
    made = docx.Document()
    style = made.styles["Heading 2"].element
    style.find(qn("w:name")).set(qn("w:val"), "标题 2")
    style.set(qn("w:styleId"), "a7")
    path = write(chinese(picture), saved(made, tmp_path / "t.docx"))
    heading = next(one for one in docx.Document(str(path)).paragraphs if one.text == "区位")
    assert heading._p.pPr.pStyle.val == "a7"


def test_numbers_of_the_template_stay_its_own(write: Write, picture: Path, tmp_path: Path) -> None:
    made = docx.Document()
    numbers = made.styles["Heading 1"].element.get_or_add_pPr().get_or_add_numPr()
    numbers.get_or_add_numId().val = 1
    path = write(chinese(picture), saved(made, tmp_path / "t.docx"))
    out = docx.Document(str(path))
    assert next(one for one in out.paragraphs if one.text == "结论")._p.pPr.numPr is None
    links = out.element.body.find(qn("w:sdt")).iter(qn("w:hyperlink"))
    assert "".join(one.text for one in next(iter(links)).iter(qn("w:t"))) == "结论"


def test_template_of_word_with_a_blueprints_ending_is_taken(write: Write, picture: Path, tmp_path: Path) -> None:
    path = repacked(cover_sheet(tmp_path / "t.docx"), lambda _, held: held.replace(b"document.main", b"template.main"))
    assert docx.Document(str(write(chinese(picture), path))).paragraphs[0].text.startswith("院标题")


def repacked(path: Path, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> Path:
    """The file with the bytes of its parts changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as held, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in held.namelist():
            archive.writestr(name, change(name, held.read(name)))
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    path.write_bytes(packed.getvalue())
    return path


def absent(path: Path) -> Path:
    return path


def old_doc(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    return path


def no_zip(path: Path) -> Path:
    path.write_bytes(b"PK\x03\x04 and nothing more")
    return path


def workbook(path: Path) -> Path:
    shutil.copy(Path(__file__).parent / "foreign" / "libreoffice.xlsx", path)
    return path


def macros(path: Path) -> Path:
    return repacked(cover_sheet(path), lambda _, held: held, {"word/vbaProject.bin": b"x"})


def macro_type(path: Path) -> Path:
    kind = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    wanted = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return repacked(cover_sheet(path), lambda _, held: held.replace(wanted, kind))


def bomb(path: Path) -> Path:
    return repacked(cover_sheet(path), lambda _, held: held, {"word/media/a.bin": bytes(210_000_000)})


def broken_xml(path: Path) -> Path:
    return repacked(cover_sheet(path), lambda name, held: held[:-20] if name == "word/document.xml" else held)


def entities(path: Path) -> Path:
    doctype = b'<!DOCTYPE a [<!ENTITY b "c">]>'
    return repacked(
        cover_sheet(path),
        lambda name, held: (
            held.replace(b"<w:document", doctype + b"<w:document", 1) if name.endswith("document.xml") else held
        ),
    )


def no_document(path: Path) -> Path:
    return repacked(cover_sheet(path), lambda name, held: b"<a/>" if name == "word/document.xml" else held)


def unknown_name(path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("{{titel}}")
    return saved(made, path)


def body_in_a_table(path: Path) -> Path:
    made = docx.Document()
    made.add_table(1, 1).rows[0].cells[0].text = "{{body}}"
    return saved(made, path)


def body_twice(path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("{{body}}")
    made.add_paragraph("{{body}}")
    return saved(made, path)


WRONG = (absent, old_doc, no_zip, workbook, macros, macro_type, bomb, broken_xml, entities, no_document, unknown_name,
         body_in_a_table, body_twice)  # fmt: skip


@pytest.mark.parametrize("make", WRONG, ids=lambda make: make.__name__)
def test_wrong_template_is_refused_with_a_remedy(
    make: Callable[[Path], Path], write: Write, picture: Path, tmp_path: Path
) -> None:
    path = make(tmp_path / "t.docx")
    with pytest.raises(InputError) as caught:
        write(chinese(picture), path)
    error = caught.value
    assert error.file == path and error.remedy_en and error.remedy_zh and error.field == "--template"
    assert not (tmp_path / "made.docx").exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_template_is_checked_before_anything_is_made(lang: Any, words: Words, context: Context, tmp_path: Path) -> None:
    labels = [label for label, _ in cover(make_case(context, lang))]
    made = docx.Document()
    for name in (*labels, *template.NAMES, "body"):
        made.add_paragraph(f"{{{{{name}}}}}")
    path = saved(made, tmp_path / "t.docx")
    template.check(path, words, [lang])
    with pytest.raises(InputError, match="placeholder"):
        template.check(path, words, ["zh", "en"])  # labels are known in one language alone
    with pytest.raises(InputError, match="titel"):
        template.check(unknown_name(path), words, [lang])


def test_template_does_not_tell_where_it_was_made(write: Write, picture: Path, tmp_path: Path) -> None:
    made = docx.Document()
    part = made.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    relation = part.relate_to("file:///C:/templates/Normal.dotm", kind, is_external=True)
    attached = made.settings.element.makeelement(qn("w:attachedTemplate"), {qn("r:id"): relation})
    made.settings.element.insert(0, attached)
    with zipfile.ZipFile(write(chinese(picture), saved(made, tmp_path / "t.docx"))) as archive:
        assert not any(b"somebody" in archive.read(name) for name in archive.namelist())


def test_placeholders_in_values_are_not_filled_again(write: Write, picture: Path, tmp_path: Path) -> None:
    document = replace(english(picture), title="{{status}} {{body}}")
    made = docx.Document(str(write(document, cover_sheet_english(tmp_path / "t.docx"))))
    assert made.paragraphs[0].text == "Institute: {{status}} {{body}}"


# ---- the pages


@pytest.fixture(scope="module")
def pages(words: Words, picture: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pypdfium2.PdfDocument]:
    """Every kind of file as LibreOffice lays it out."""
    folder = tmp_path_factory.mktemp("pages")
    word.write(chinese(picture), folder / "zh.docx", words)
    word.write(flowing(picture), folder / "flowing.docx", words)
    word.write(english(picture), folder / "en.docx", words)
    word.write(hostile(picture), folder / "hostile.docx", words)
    word.write(chinese(picture), folder / "template.docx", words, cover_sheet(folder / "cover.docx"))
    word.write(natural(folder), folder / "natural.docx", words)
    names = ["zh", "en", "hostile", "template", "flowing", "natural"]
    command = [soffice_path(), f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), *(str(folder / f"{name}.docx") for name in names)],
        check=True, capture_output=True, timeout=240, env=with_fonts(folder),
    )  # fmt: skip
    return {name: pypdfium2.PdfDocument(folder / f"{name}.pdf") for name in names}


def natural(folder: Path) -> Document:
    """A sheet of each of the sizes that are drawn, below a heading of the highest level."""
    upright, lying = sheet(folder / "a.png", 155, 192), sheet(folder / "b.png", 246, 146)
    blocks = (
        Heading("位置", 1),
        Picture("甲", upright, "甲"),
        Heading("附图", 1),
        Picture("乙", lying, "乙", landscape=True),
        Picture("丙", lying, "丙", landscape=True),
    )
    return replace(chinese(upright), blocks=blocks)


def test_sheets_stand_in_their_size_with_heading_and_caption(pages: dict[str, pypdfium2.PdfDocument]) -> None:
    wanted = (("1位置", "甲", 155, 192), ("2附图", "乙", 246, 146), ("", "丙", 246, 146))
    for page, (heading, caption, wide, high) in zip(list(pages["natural"])[2:], wanted, strict=True):
        said = re.sub(r"\s", "", page.get_textpage().get_text_range())
        assert heading in said and caption in said
        (drawn,) = [one for one in page.get_objects() if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
        left, bottom, right, top = (one / 72 * 25.4 for one in drawn.get_bounds())
        assert (right - left, top - bottom) == pytest.approx((wide, high), abs=0.3)
        room = (27.0, 184.5) if high > wide else (24.5, 272.5)
        assert room[0] <= left and right <= room[1]


def texts(pdf: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pdf]


def test_pages_in_chinese(pages: dict[str, pypdfium2.PdfDocument]) -> None:
    said = texts(pages["zh"])
    assert "密级：内部" in said[0] and "第 1 页" not in said[0] and "产业园选址研究" not in said[0]
    assert (
        "目录" in said[1]
        and "产业园选址研究" in said[1]
        and f"第 2 页 共 {len(said)} 页" in said[1].replace("\u3000", " ")
    )
    whole = "\n".join(re.sub(r"[ \u3000\t]+", " ", page) for page in said[2:])
    for line in (
        "1 结论",
        "2.1 区位",
        "3.1.1 清单",
        "图 1 各区角色",
        "图 3 选址证据图",
        "表 1 地块情况",
        "表 2 历次文件",
    ):
        assert line in whole
    assert sum("序号" in page for page in said) > 1  # the header of the long table, on each of its pages


@pytest.mark.parametrize("name", ["zh", "en", "template", "hostile"])
def test_no_page_is_blank_and_each_but_the_first_has_its_header(
    name: str, pages: dict[str, pypdfium2.PdfDocument]
) -> None:
    for number, page in enumerate(pages[name]):
        height = page.get_height()
        middle = page.get_textpage().get_text_bounded(bottom=70, top=height - 70).strip()
        drawn = [one for one in page.get_objects() if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
        assert middle or drawn, f"page {number + 1} is blank"
        if number:
            assert page.get_textpage().get_text_bounded(bottom=height - 70).strip()


@pytest.mark.parametrize(("name", "lying"), [("zh", 2), ("en", 1), ("template", 2), ("hostile", 1)])
def test_landscape_pages_are_as_many_as_their_pictures(
    name: str, lying: int, pages: dict[str, pypdfium2.PdfDocument]
) -> None:
    turned = [page for page in pages[name] if page.get_width() > page.get_height()]
    assert len(turned) == lying
    for page in turned:
        said = page.get_textpage().get_text_range()
        assert "图" in said or "Figure" in said


@pytest.mark.parametrize(("name", "count"), [("zh", 7), ("en", 3), ("flowing", 24)])
def test_contents_say_the_page(name: str, count: int, pages: dict[str, pypdfium2.PdfDocument]) -> None:
    said = [re.sub(r"\s+", "", page) for page in texts(pages[name])]
    entries = re.findall(r"^([\d.]+)\s*(.+?)[ .]*?(\d+)\s*$", texts(pages[name])[1], re.MULTILINE)
    assert len(entries) == count
    for number, text, page in entries:
        where = [at for at, whole in enumerate(said, start=1) if at > 2 and re.sub(r"\s+", "", number + text) in whole]
        assert int(page) in where, (number, text)


def test_pages_in_english(pages: dict[str, pypdfium2.PdfDocument]) -> None:
    said = [re.sub(r"[ \t]+", " ", page) for page in texts(pages["en"])]
    assert "Confidentiality: Internal" in said[0] and "Page 1" not in said[0]
    assert "Contents" in said[1] and f"Page 2 of {len(said)}" in said[1]
    assert "2 Sheets" in said[-1] and "Figure 1. Location" in said[-1]


def test_nothing_stands_outside_the_paper(pages: dict[str, pypdfium2.PdfDocument]) -> None:
    for page in pages["hostile"]:
        text = page.get_textpage()
        for at in range(0, text.count_chars(), 7):
            left, bottom, right, top = text.get_charbox(at)
            assert left >= 0 and bottom >= 0 and right <= page.get_width() and top <= page.get_height()
