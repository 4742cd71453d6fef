"""The PDF of a dossier, read back: numbers, pages, fonts, and text that means harm."""

from __future__ import annotations

import ctypes
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from geo.dossier import pdf
from geo.dossier.blocks import Document, Heading, Paragraph, Picture, Table
from geo.dossier.words import Words
from geo.errors import GeoError, InputError
from geo.settings import Settings

PNG = Path(__file__).parents[1] / "docs" / "images" / "district-roles.png"
POINTS = 72 / 25.4
LONG = tuple((str(i), f"深汕电子化学品园第{i}号地块" * 3, f"{i * 1.5:,.2f}") for i in range(1, 90))


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load(Settings.default())


def made(*blocks: Any, **changes: Any) -> Document:
    plain = Document(
        title="沙井园区选址论证",
        subtitle="半导体与集成电路",
        lang="zh",
        facts=(("数据截止日期", "2026-11-22"),),
        project="深圳园区研究",
        confidentiality="内部资料",
        status="内部工作用图",
        blocks=blocks,
    )
    return replace(plain, **changes)


FULL = made(
    Heading("结论", 1),
    Paragraph("符合该区产业定位。", "lead"),
    Paragraph("正文段落。" * 60),
    Paragraph("第一项", "bullet"),
    Paragraph("第二项", "bullet"),
    Heading("地块概况", 2),
    Table("基本情况", (), (("名称", "沙井"), ("面积", "23.45 公顷")), (0.3, 0.7), "注：样例。"),
    Heading("位置", 3),
    Picture("位置图", PNG, "沙井地块在宝安区的位置"),
    Heading("附图", 1),
    Heading("角色", 2),
    Picture("产业角色", PNG, "各区产业角色", landscape=True),
    Heading("附表", 1),
    Table("地块一览", ("序号", "名称", "面积"), LONG, (0.1, 0.6, 0.3), "注：完。"),
    Paragraph("全文完。", "note"),
)


def written(document: Document, path: Path, words: Words) -> pypdfium2.PdfDocument:
    pdf.write(document, path, words)
    return pypdfium2.PdfDocument(path.read_bytes())


def texts(read: pypdfium2.PdfDocument) -> list[str]:
    """Text of each page, without line ends."""
    return [page.get_textpage().get_text_bounded().replace("\r\n", "") for page in read]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, words: Words) -> pypdfium2.PdfDocument:
    return written(FULL, tmp_path_factory.mktemp("pdf") / "full.pdf", words)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_headings_and_captions_are_numbered(full: pypdfium2.PdfDocument) -> None:
    said = squeezed("".join(texts(full)[2:]))
    for wanted in ("1结论", "1.1地块概况", "1.1.1位置", "2附图", "2.1角色", "3附表"):
        assert wanted in said, wanted
    for caption in ("表1基本情况", "表2地块一览", "图1位置图", "图2产业角色"):
        assert said.count(caption) == 1, caption


def test_english_captions_say_table_and_figure(tmp_path: Path, words: Words) -> None:
    document = replace(FULL, lang="en", blocks=(FULL.blocks[6], FULL.blocks[8]))
    said = squeezed("".join(texts(written(document, tmp_path / "en.pdf", words))))
    assert "Table1基本情况" in said and "Figure1位置图" in said


def test_a_table_has_its_caption_above_and_a_picture_below(full: pypdfium2.PdfDocument) -> None:
    page = next(page for page in full if "1.1.1" in page.get_textpage().get_text_bounded() and _images(page))
    (picture,) = _images(page)
    assert _top(page, "位置图") < picture.get_bounds()[1]
    page = next(page for page in list(full)[2:] if "沙井" in page.get_textpage().get_text_bounded())
    assert _top(page, "基本情况") > _top(page, "名称")


def _images(page: pypdfium2.PdfPage) -> list[Any]:
    return list(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,)))


def _top(page: pypdfium2.PdfPage, text: str) -> float:
    """Height of the last place where a text stands, in points from the foot of the page."""
    textpage, found = page.get_textpage(), []
    search = textpage.search(text)
    while (at := search.get_next()) is not None:
        found.append(textpage.get_charbox(at[0])[3])
    return cast(float, found[-1])


def test_the_cover_has_no_header_and_each_later_page_has_one(full: pypdfium2.PdfDocument) -> None:
    cover, *others = texts(full)
    assert FULL.title in cover and FULL.subtitle in cover and "2026-11-22" in cover and FULL.status in cover
    assert FULL.project not in cover and "内部资料" in cover and "共" not in cover
    for number, text in enumerate(others, 2):
        assert FULL.project in text and "内部资料" in text and FULL.status in text
        assert f"第{number}页" in squeezed(text) and f"共{len(full)}页" in squeezed(text)


def test_no_confidentiality_leaves_no_label(tmp_path: Path, words: Words) -> None:
    document = made(Heading("一", 1), confidentiality=None)
    assert words.say("writer.confidentiality", "zh") not in "".join(texts(written(document, tmp_path / "a.pdf", words)))


def test_the_contents_name_the_page_of_each_heading(full: pypdfium2.PdfDocument) -> None:
    pages = [squeezed(text) for text in texts(full)]
    lines = map(squeezed, full[1].get_textpage().get_text_bounded().split("\r\n"))
    listed = dict(found.groups() for line in lines if (found := re.fullmatch(r"(.+?)\.{3,}\u2060?(\d+)", line)))
    assert set(listed) == {"1结论", "1.1地块概况", "1.1.1位置", "2附图", "2.1角色", "3附表"}
    for heading, page in listed.items():
        assert [number for number, text in enumerate(pages, 1) if heading in text and number > 2] == [int(page)]


def test_bookmarks_follow_the_headings(full: pypdfium2.PdfDocument) -> None:
    assert [(one.level, squeezed(one.get_title())) for one in full.get_toc()] == [
        (0, "1结论"),
        (1, "1.1地块概况"),
        (2, "1.1.1位置"),
        (0, "2附图"),
        (1, "2.1角色"),
        (0, "3附表"),
    ]


def test_only_a_landscape_picture_turns_its_page(full: pypdfium2.PdfDocument) -> None:
    turned = [number for number, page in enumerate(full) if page.get_width() > page.get_height()]
    assert len(turned) == 1
    page = full[turned[0]]
    assert (page.get_width(), page.get_height()) == pytest.approx((297 * POINTS, 210 * POINTS), abs=0.1)
    assert "2.1角色" in squeezed(texts(full)[turned[0]]), "the headings go with their picture"
    (picture,) = _images(page)
    left, bottom, right, top = picture.get_bounds()
    assert (right - left) / (top - bottom) == pytest.approx(1654 / 1169, rel=0.01)
    assert full[0].get_size() == pytest.approx((210 * POINTS, 297 * POINTS), abs=0.1)


def sheet(path: Path, wide: float, high: float) -> Path:
    """A picture that says it is this large, in millimetres."""
    Image.new("L", (round(wide / 25.4 * 220), round(high / 25.4 * 220)), 200).save(path, dpi=(220, 220))
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("size", "landscape", "reduced"),
    [((155, 192), False, False), ((246, 146), True, False), ((60, 40), False, False), ((60, 40), True, False),
     ((190, 150), False, True), ((150, 230), False, True), ((260, 120), True, True), ((200, 180), True, True)],
)  # fmt: skip
def test_a_picture_is_as_large_as_it_says_or_the_caption_says_otherwise(
    size: tuple[float, float], landscape: bool, reduced: bool, lang: Any, tmp_path: Path, words: Words
) -> None:
    picture = Picture("位置图", sheet(tmp_path / "a.png", *size), "位置", landscape=landscape)
    read = written(made(Heading("附图", 1), picture, lang=lang), tmp_path / "a.pdf", words)
    assert len(read) == 3, "heading, picture and caption stand on one page"
    left, bottom, right, top = _images(read[2])[0].get_bounds()
    placed = (right - left) / POINTS, (top - bottom) / POINTS
    said = squeezed(texts(read)[2])
    assert "附图" in said and "位置图" in said
    assert (squeezed(words.say("writer.reduced", lang)) in said) is reduced
    if reduced:
        assert placed[0] / placed[1] == pytest.approx(size[0] / size[1], rel=0.01)
        assert placed[0] < size[0] - 0.3
    else:
        assert placed == pytest.approx(size, abs=0.3)


def test_a_long_table_repeats_its_header_and_keeps_rows_whole(full: pypdfium2.PdfDocument) -> None:
    pages = [squeezed(text) for text in texts(full)]
    held = [text for text in pages if "号地块" in text]
    assert len(held) > 2
    assert all("序号名称面积" in text for text in held)
    for number, name, area in LONG:
        assert sum(f"{number}{name}{area}" in text for text in held) == 1, number


def test_the_font_is_embedded_and_no_other(full: pypdfium2.PdfDocument) -> None:
    fonts = set()
    for page in full:
        for one in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
            font = pdfium.FPDFTextObj_GetFont(one.raw)
            name = ctypes.create_string_buffer(pdfium.FPDFFont_GetBaseFontName(font, None, 0))
            pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
            fonts.add((name.value.decode().partition("+")[2], pdfium.FPDFFont_GetIsEmbedded(font)))
    assert fonts == {("NotoSansSC-Regular", 1)}


def test_the_file_is_tagged_and_says_what_it_is(full: pypdfium2.PdfDocument, tmp_path: Path, words: Words) -> None:
    assert full.get_metadata_value("Title") == FULL.title
    assert not full.get_metadata_value("CreationDate") and not full.get_metadata_value("ModDate")
    assert full.is_tagged()
    language = (ctypes.c_ushort * 10)()
    pdfium.FPDFCatalog_GetLanguage(full.raw, language, 20)
    assert bytes(language).decode("utf-16-le").startswith("zh-CN")
    alts = {alt for page in full for alt in _alternatives(page)}
    assert alts == {"沙井地块在宝安区的位置", "各区产业角色"}
    path = tmp_path / "ua.pdf"
    pdf.write(made(Heading("一", 1)), path, words)
    assert b"pdfuaid" in path.read_bytes()


def _alternatives(page: pypdfium2.PdfPage) -> set[str]:
    """Alternative texts of the tags of a page."""
    tree, found = pdfium.FPDF_StructTree_GetForPage(page.raw), set()

    def look(tag: Any) -> None:
        if (size := pdfium.FPDF_StructElement_GetAltText(tag, None, 0)) > 2:
            text = ctypes.create_string_buffer(size)
            pdfium.FPDF_StructElement_GetAltText(tag, text, size)
            found.add(text.raw.decode("utf-16-le").rstrip("\0"))
        for at in range(pdfium.FPDF_StructElement_CountChildren(tag)):
            if child := pdfium.FPDF_StructElement_GetChildAtIndex(tag, at):
                look(child)

    for at in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        look(pdfium.FPDF_StructTree_GetChildAtIndex(tree, at))
    return found


def test_equal_documents_give_equal_bytes(tmp_path: Path, words: Words) -> None:
    (tmp_path / "elsewhere").mkdir()
    one, other = tmp_path / "a.pdf", tmp_path / "elsewhere" / "b.pdf"
    pdf.write(FULL, one, words)
    pdf.write(FULL, other, words)
    assert one.read_bytes() == other.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "elsewhere"]


HOSTILE = (
    '#eval("1+1")',
    '#import "@preview/x:0.1.0"',
    "#panic()",
    "$x^2$",
    r"\u{41} \ #",
    "@ref",
    "<label>",
    "// gone",
    "/* gone */",
    "= H",
    "*b* _i_ `code`",
    "{{ x }} {page} %s",
    "=HYPERLINK(1)",
    "]]>&amp;<w:t>",
)


def everywhere(text: str) -> Document:
    """A document that says a text in each of its places."""
    table = Table(text, (text, "b"), ((text, "1"), ("a", text)), (0.2, 0.8), text)
    styles = tuple(Paragraph(text, style) for style in ("body", "lead", "note", "bullet"))
    blocks = (Heading(text, 1), *styles, table, replace(table, header=()), Picture(text, PNG, text, landscape=True))
    return made(*blocks, title=text, subtitle=text, facts=((text, text),), project=text, status=text)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_text(text: str, tmp_path: Path, words: Words) -> None:
    said = squeezed("".join(texts(written(everywhere(text), tmp_path / "a.pdf", words))))
    # title, subtitle, fact, contents, heading, four styles, two tables, picture; header and footer besides
    assert said.count(squeezed(text)) >= 22


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "A" * 3_000),
        ("zh", "汉字" * 3_000),
        ("zh", "！" * 500),
        ("zh", "字\u00a0" * 300),
        ("zh", "字“" * 300),
        ("en", "A" * 1_000),
        ("en", "https://e.org/" + "a-b_c" * 200),
    ],
)
def test_nothing_runs_off_the_page(lang: Any, text: str, tmp_path: Path, words: Words) -> None:
    read = written(replace(everywhere(text), lang=lang), tmp_path / "a.pdf", words)
    for number, page in enumerate(read, 1):
        wide, high = page.get_size()
        side = (25 if wide > high else 22.5) * POINTS - 4  # punctuation hangs over the edge a little
        for one in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
            left, bottom, right, top = one.get_bounds()
            assert side <= left and right <= wide - side and bottom >= 15 and top <= high - 15, number


def test_a_narrow_column_is_widened_before_a_word_is_cut(tmp_path: Path, words: Words) -> None:
    table = Table("t", ("Kind", "Remark"), (("recognition", "long remark " * 20),), (0.03, 0.97))
    text = written(made(table, lang="en"), tmp_path / "a.pdf", words)[2].get_textpage().get_text_bounded()
    assert "recognition" in text


def test_ten_thousand_characters_without_a_space_are_all_there(tmp_path: Path, words: Words) -> None:
    said = "".join(texts(written(made(Paragraph("A" * 10_000)), tmp_path / "a.pdf", words)))
    assert said.count("A") == 10_000


def test_a_text_without_spaces_can_still_be_copied(tmp_path: Path, words: Words) -> None:
    text = "https://example.org/" + "site_0123456789" * 20
    assert text in squeezed("".join(texts(written(made(Paragraph(text)), tmp_path / "a.pdf", words))))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("园区😀", "园区□（U+1F600）"),
        ("a\x00b\x07", "a□（U+0000）b□（U+0007）"),
        ("\u202eevil", "□（U+202E）evil"),
        ("\ud800x", "□（U+D800）x"),
        ("葛\U000e0100飾", "葛飾"),
        ("ꙮ", "□（U+A66E）"),
    ],
)
def test_what_the_font_lacks_is_named_in_its_place(text: str, shown: str, tmp_path: Path, words: Words) -> None:
    said = squeezed("".join(texts(written(everywhere(text), tmp_path / "a.pdf", words))))
    assert said.count(shown) >= 10


def test_empty_texts_and_skipped_levels_are_set(tmp_path: Path, words: Words) -> None:
    assert len(written(everywhere(""), tmp_path / "a.pdf", words)) > 2
    said = squeezed(texts(written(made(Heading("甲", 3), Heading("乙", 3)), tmp_path / "b.pdf", words))[2])
    assert "1甲" in said and "1.1乙" in said


def test_a_picture_that_is_none_is_named_and_nothing_is_left(tmp_path: Path, words: Words) -> None:
    wrong = tmp_path / "wrong.png"
    wrong.write_bytes(b"GIF89a")
    for path in (wrong, tmp_path / "absent.png"):
        with pytest.raises(InputError, match=path.name):
            pdf.write(made(Picture("图", path, "图")), tmp_path / "a.pdf", words)
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.png"]


def test_a_fault_of_typst_is_ours(tmp_path: Path, words: Words) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(PNG.read_bytes()[:200])
    with pytest.raises(GeoError, match="Typst"):
        pdf.write(made(Picture("图", broken, "图")), tmp_path / "a.pdf", words)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.png"]
