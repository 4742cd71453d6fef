/* The page's own script: builds the layers that folium places, legend, cards,
   language switch. Data is PARKSITE; text becomes HTML only through esc(). */
var parksite = (function (data) {
  "use strict";

  var MANY = 2000; // above this many sites, plain circles on canvas
  var byId = {};
  data.districts.forEach(function (one) { byId[one.id] = one; });
  var map = null, layers = {}, canvas = null;

  function esc(text) {
    return String(text === null || text === undefined ? "" : text).replace(/[&<>"']/g, function (mark) {
      return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }[mark];
    });
  }
  function t(zh, en) { return '<span class="zh">' + esc(zh) + '</span><span class="en">' + esc(en) + "</span>"; }
  function word(kind, key) { var pair = data.words[kind][key]; return t(pair[0], pair[1]); }
  function chip(kind, key) { return '<span class="ps-chip ps-' + esc(key) + '">' + word(kind, key) + "</span>"; }
  function number(value, digits) {
    return Number(value).toLocaleString("en-US", { maximumFractionDigits: digits, minimumFractionDigits: 0 });
  }
  function area(hectares, zh, en) {
    var ha = number(hectares, 2), mu = number(hectares * 15, 1);
    return "<p>" + t(zh + " " + ha + " 公顷（" + mu + " 亩）", en + " " + ha + " ha (" + mu + " mu)") + "</p>";
  }

  function symbol(kind, colour, size) {
    var shapes = {
      circle: '<circle cx="10" cy="10" r="7"/>',
      ring: '<circle cx="10" cy="10" r="5.5" fill="#fff" stroke="' + colour + '" stroke-width="4"/>',
      square: '<rect x="4" y="4" width="12" height="12"/>',
      diamond: '<path d="M10 1.5 18.5 10 10 18.5 1.5 10z"/>',
      triangle: '<path d="M10 2 18.5 17h-17z"/>',
      cross: '<path d="M4 2 10 8l6-6 2 2-6 6 6 6-2 2-6-6-6 6-2-2 6-6-6-6z"/>'
    };
    return '<svg width="' + size + '" height="' + size + '" viewBox="0 0 20 20" fill="' + colour +
      '" stroke="#fff" stroke-width="1.2" aria-hidden="true">' + shapes[kind] + "</svg>";
  }
  function patch(theme, at, one) {
    var cls = one.hatch ? ' class="class-' + theme + "-" + at + '"' : "";
    return '<svg width="26" height="16" aria-hidden="true"><rect x=".5" y=".5" width="25" height="15" stroke="' +
      data.colours.outline + '" fill="' + one.colour + '"' + cls + "/></svg>";
  }

  /* ---- evidence ---------------------------------------------------------- */
  function evidence(id, decides, basis, former) {
    var one = data.designations[id], doc = data.instruments[one.instrument];
    var end = doc.to_basis === "interpreted" ? t("（止期为理解）", " (end date is our reading)") : "";
    var span = doc.from ? esc(doc.from + " – " + (doc.to || "")) + end : t("未载日期", "no dates stated");
    var fields = one.fields_named.map(function (field) {
      return t(field.zh, field.en) + (field.basis === "interpreted" ? t("（理解）", " (interpreted)") : "");
    }).join(t("、", ", "));
    var stages = one.stages.map(function (stage) { return word("stage", stage); }).join(t("、", ", "));
    var html = '<div class="ps-doc' + (decides ? " decides" : "") + '">' + chip("force", one.force) + ' <span class="ps-chip">' +
      word("kind", one.kind) + "</span>" + (decides ? ' <span class="ps-chip">' + t("本次判定依据", "decides") + "</span>" : "") +
      "<br><b>" + t(one.role_zh, one.role_en) + "</b>";
    if (one.place !== undefined && !one.located) {
      html += "<br>" + t(one.place_zh + "：无边界，不参与判定", one.place_en + ": no outline, decides nothing");
    }
    if (former) {
      html += "<br>" + t("文件制定时属" + byIdName(former, "zh"), "Part of " + byIdName(former, "en") + " when the document began");
    }
    html += '<div class="ps-cite">' + t("《" + doc.title_zh + "》", doc.title_en) + " · " +
      (doc.document_number ? esc(doc.document_number) : t("文件未载文号", "no document number stated")) + " · " +
      t(one.clause, one.clause_en) + " · " + span;
    if (fields) { html += "<br>" + t("领域：", "Fields: ") + fields; }
    if (stages) { html += "<br>" + t("环节：", "Stages: ") + stages; }
    if (basis && one.kind === "role") { html += "<br>" + t("对所问领域：", "For the field asked: ") + word("basis", basis); }
    if (one.note_zh) { html += "<br>" + t(one.note_zh, one.note_en); }
    if (one.facilities.length) {
      html += "<br>" + t("设施：", "Facilities: ") + one.facilities.map(function (each) { return t(each.zh, each.en); }).join(t("、", "; "));
    }
    return html + "</div></div>";
  }
  function byIdName(id, lang) { return byId[id] ? byId[id][lang] : id; }
  function footnote() {
    return '<p class="ps-note">' + t("基准日 " + data.as_of + "；登记册 " + data.register.version + "；边界 " + data.boundaries.vintage_zh,
      "As of " + data.as_of + "; register " + data.register.version + "; boundaries " + data.boundaries.vintage_en) + "</p>";
  }

  function rank(id) { return ["in_force", "lapsed", "draft", "not_yet"].indexOf(data.designations[id].force); }

  function districtCard(one) {
    var html = "<h2>" + t(one.zh, one.en) + "</h2>";
    if (one.land_ha) { html += area(one.land_ha, "官方陆域面积", "Official land area"); }
    if (one.approximate) { html += '<p><span class="ps-chip ps-lapsed">' + t("界线为近似线", "approximate outline") + "</span></p>"; }
    html += one.designations.length
      ? one.designations.slice().sort(function (a, b) { return rank(a.id) - rank(b.id); })
        .map(function (each) { return evidence(each.id, false, null, each.former); }).join("")
      : "<p>" + t("登记册中没有文件提及该区。", "No document in the register speaks of this district.") + "</p>";
    return html + footnote();
  }

  function siteCard(site) {
    var html = "<h2>" + esc(site.name || site.id) + "</h2><p>" + esc(site.id) + " · " +
      (site.district ? t(site.district_zh, site.district_en) : t("市域外", "outside the city")) + " · " + word("certainty", site.certainty) +
      (site.sample ? ' <span class="ps-chip ps-sample">' + t("示例", "sample") + "</span>" : "") + "</p>";
    if (site.area_ha) { html += area(site.area_ha, "用地面积", "Site area"); }
    html += "<p>" + t("领域：", "Field: ") + (site.term_zh ? t(site.term_zh, site.term_en) : esc(site.field_query || "—")) + "　" +
      t("环节：", "Stage: ") + (site.stage ? word("stage", site.stage) : esc(site.stage_query || "—")) + "<br>" +
      t("距区界 ", "Distance to border ") + (site.boundary_distance_m === undefined ? "—" : number(site.boundary_distance_m, 0) + " m") + "</p><p>" +
      '<span class="ps-chip">' + word("match", site.match) + "</span> " + (site.force === "none" ? "" : chip("force", site.force)) + "</p>" +
      '<p class="ps-say">' + t(site.explanation.zh, site.explanation.en) + "</p>" +
      (site.notes || []).map(function (note) { return '<p class="ps-note">' + t("待核：", "To be checked: ") + t(note.zh, note.en) + "</p>"; }).join("");
    var first = site.designations.filter(function (each) { return each[1]; });
    var rest = site.designations.filter(function (each) { return !each[1]; });
    html += first.concat(rest).map(function (each) { return evidence(each[0], each[1], each[2], each[3]); }).join("");
    if (site.elsewhere.length) {
      html += "<p><b>" + t("该领域指定的其他地区", "Where the field is designated") + "</b></p>" +
        site.elsewhere.map(function (id) {
          var one = data.designations[id];
          return "<p>" + t(one.place_zh, one.place_en) + "</p>" + evidence(id, false, null, null);
        }).join("");
    }
    return html + footnote();
  }

  function wide() {
    var room = Math.min(440, window.innerWidth - 48);
    return { maxWidth: room, minWidth: Math.min(240, room) };
  }

  /* ---- layers ------------------------------------------------------------- */
  function theme(id) {
    var spec = data.themes[id], group = L.layerGroup();
    data.districts.forEach(function (one) {
      var at = spec.classes.findIndex(function (each) { return each.id === spec.by_place[one.id]; }), swatch = spec.classes[at];
      L.geoJSON(one.geometry, {
        style: {
          color: data.colours.outline, weight: one.approximate ? 1.8 : 1.1, dashArray: one.approximate ? "7 5" : null,
          fillColor: swatch.colour, fillOpacity: 0.88, className: "ps-district" + (swatch.hatch ? " class-" + id + "-" + at : "")
        }
      }).bindPopup(function () { return districtCard(one); }, wide()).on("add", function () { reachable(this, one); }).addTo(group);
    });
    return group;
  }

  function reachable(shape, one) {
    shape.eachLayer(function (layer) {
      var element = layer.getElement();
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", one.zh + " " + one.en);
      element.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); shape.openPopup(one.centre); }
      });
    });
  }

  function labels() {
    var group = L.layerGroup();
    function name(one, css) {
      L.tooltip({ permanent: true, direction: "center", className: css, interactive: false, opacity: 1, pane: "names" })
        .setLatLng(one.centre).setContent(t(one.zh, one.en)).addTo(group);
    }
    data.around.forEach(function (one) { name(one, "ps-label ps-around"); });
    data.districts.forEach(function (one) { name(one, "ps-label"); });
    return group;
  }

  function places() {
    var group = L.layerGroup();
    data.districts.forEach(function (home) {
      var held = data.places.filter(function (place) { return place.within === home.id; });
      if (!held.length) { return; }
      var html = held.map(function (place) {
        return "<h2>" + t(place.zh, place.en) + "</h2><p>" + t("位于" + home.zh + "；没有公开边界，符号只表示所在区。", "In " + home.en +
          "; no outline is known, the symbol only stands for the district.") + "</p>" +
          (place.note_zh ? "<p>" + t(place.note_zh, place.note_en) + "</p>" : "") +
          place.designations.map(function (id) { return evidence(id, false, null, null); }).join("");
      }).join("") + footnote();
      L.marker(home.centre, {
        icon: L.divIcon({ className: "ps-place", html: '<div class="ps-tag">' + held.length + "</div>", iconSize: [0, 0], iconAnchor: [0, -22] }),
        title: held.map(function (place) { return place.zh + " / " + place.en; }).join("; ")
      }).bindPopup(html, wide()).addTo(group);
    });
    return group;
  }

  function sites(kind) {
    var group = L.layerGroup(), classes = {}, few = data.sites.length <= MANY;
    data.classes[kind].forEach(function (one) { classes[one.id] = one; });
    if (!few && !canvas) { canvas = L.canvas({ padding: 0.3 }); }
    data.sites.forEach(function (site) {
      var one = classes[site[kind]], at = [site.lat, site.lon], card = function () { return siteCard(site); };
      if (site.geometry) {
        L.geoJSON(site.geometry, { style: { color: one.colour, weight: 2.5, fillColor: one.colour, fillOpacity: 0.3 } })
          .bindPopup(card, wide()).addTo(group);
      }
      var marker = few
        ? L.marker(at, {
          icon: L.divIcon({ className: "ps-site", html: symbol(one.symbol, one.colour, 20), iconSize: [20, 20] }),
          title: (site.name || site.id) + " · " + data.words.match[site.match].join(" / "), alt: site.id
        })
        : L.circleMarker(at, { renderer: canvas, radius: 4, color: "#fff", weight: 0.6, fillColor: one.colour, fillOpacity: 0.95 });
      marker.bindPopup(card, wide()).addTo(group);
    });
    return group;
  }

  /* ---- legend and frame ----------------------------------------------------- */
  function names(spec, id) {
    return data.districts.filter(function (one) { return spec.by_place[one.id] === id; });
  }
  function then(spec, district, lang) {
    var parent = spec.former[district.id];
    return !parent ? "" : lang === "zh" ? "（时属" + byIdName(parent, "zh") + "）" : " (then part of " + byIdName(parent, "en") + ")";
  }
  function legend() {
    var html = "";
    Object.keys(layers).forEach(function (key) {
      if (!map.hasLayer(layers[key])) { return; }
      var parts = key.split(":");
      if (parts[0] === "theme") {
        var spec = data.themes[parts[1]];
        html += "<h3>" + t(spec.zh, spec.en) + "</h3>";
        spec.classes.forEach(function (one, at) {
          var where = names(spec, one.id);
          html += '<div class="ps-row">' + patch(parts[1], at, one) + "<div>" + t(one.zh, one.en) + "<small>" +
            t(where.map(function (d) { return d.zh + then(spec, d, "zh"); }).join("、"), where.map(function (d) { return d.en + then(spec, d, "en"); }).join(", ")) + "</small></div></div>";
        });
        if (parts[1] !== "stages" && spec.classes.some(function (one) { return one.hatch; })) {
          html += '<p class="ps-note">' + t("斜线：依据文件在基准日没有效力（已到期、未生效或征求意见稿）。",
            "Hatched: the document has no force on that day (lapsed, not yet in force, or a draft).") + "</p>";
        }
      } else if (parts[0] === "sites") {
        var seen = {};
        data.sites.forEach(function (site) { seen[site[parts[1]]] = (seen[site[parts[1]]] || 0) + 1; });
        html += "<h3>" + (parts[1] === "match" ? t("选址：按符合性", "Sites by fit") : t("选址：按依据效力", "Sites by force of the evidence")) + "</h3>";
        data.classes[parts[1]].forEach(function (one) {
          if (seen[one.id]) {
            html += '<div class="ps-row">' + symbol(one.symbol, one.colour, 16) + "<div>" + t(one.zh, one.en) + " · " + seen[one.id] + "</div></div>";
          }
        });
      } else if (parts[0] === "places") {
        html += '<div class="ps-row"><span class="ps-tag ps-key">1</span><div>' +
          t("文件提及的园区或科学城（数目；无边界，点击查看）", "Named parks and science cities in the district (count; no outline, click to read)") + "</div></div>";
      } else if (parts[0] === "uncertain") {
        html += '<div class="ps-row"><svg width="26" height="16" aria-hidden="true"><rect x="1" y="1" width="24" height="14" fill="' +
          data.colours.uncertain + '" fill-opacity=".1" stroke="' + data.colours.uncertain + '" stroke-dasharray="2 4"/></svg><div>' +
          t("界线不确定带：区属须以官方界线核实", "Zone of doubt: check the district against the official line") + "</div></div>";
      }
    });
    if (data.districts.some(function (one) { return one.approximate; })) {
      html += '<div class="ps-row"><svg width="26" height="16" aria-hidden="true"><path d="M1 8h24" stroke="' + data.colours.outline +
        '" stroke-width="2" stroke-dasharray="7 5"/></svg><div>' + t("近似界线", "Approximate outline") + "</div></div>";
    }
    document.getElementById("ps-legend").innerHTML = html;
  }

  function status() {
    var bounds = data.boundaries;
    var standing = data.approval ? t("审图号：" + data.approval, "Map approval number: " + data.approval)
      : t("内部工作用图", "Internal working map");
    var sources = t("边界：" + bounds.source_zh + "，" + bounds.vintage_zh + "，" + bounds.datum + "；登记册 " + data.register.version + "。",
      "Boundaries: " + bounds.source_en + ", " + bounds.vintage_en + ", " + bounds.datum + "; register " + data.register.version + ".");
    document.getElementById("ps-status").innerHTML = "<b>" + standing + "</b>" + t("基准日 " + data.as_of + "。", "As of " + data.as_of + ". ") +
      (data.sample ? "<b>" + t("含示例选址点", "Sample sites") + "</b>" : "") + sources;
    var notes = data.notes.slice();
    if (bounds.second_source) {
      notes.unshift({ zh: "区属是否确定，以上述边界与第二界线（" + bounds.second_source_zh + "）是否一致为准。",
        en: "A district is certain where these boundaries and a second opinion (" + bounds.second_source_en + ") agree." });
    }
    notes.push({ zh: "角色与条款由登记册转述，标“理解”者为登记册的解读；未载明者即文件未写。登记册维护至 " + data.register.known_to + "。",
      en: "Roles and clauses are restated by the register; what is marked interpreted is its reading, what is not stated is in no document. Kept to " +
        data.register.known_to + "." });
    document.getElementById("ps-notes").innerHTML = "<h3>" + t("来源与说明", "Sources and notes") + "</h3><p class=\"ps-note\">" + sources + "</p>" +
      notes.map(function (one) { return '<p class="ps-note">' + t(one.zh, one.en) + "</p>"; }).join("");
  }

  function setLang(lang) {
    document.body.classList.toggle("lang-zh", lang === "zh");
    document.body.classList.toggle("lang-en", lang === "en");
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  }

  function headings() {
    [[".leaflet-control-layers-base", "专题（单选）", "Theme (choose one)"], [".leaflet-control-layers-overlays", "叠加图层", "Overlays"]]
      .forEach(function (row) {
        var list = document.querySelector(row[0]);
        if (!list || list.querySelector(".ps-group")) { return; }
        var head = document.createElement("div");
        head.className = "ps-group";
        head.innerHTML = t(row[1], row[2]);
        list.insertBefore(head, list.firstChild);
      });
  }

  function keepOrder() {
    ["around", "theme", "uncertain"].forEach(function (kind) {
      Object.keys(layers).forEach(function (key) {
        if (key.split(":")[0] === kind && map.hasLayer(layers[key])) {
          layers[key].eachLayer(function (layer) { if (layer.bringToFront) { layer.bringToFront(); } });
        }
      });
    });
    if (layers.around && map.hasLayer(layers.around)) { layers.around.bringToBack(); }
  }

  function start(chart, built) {
    map = chart;
    layers = built;
    setLang(data.lang);
    document.getElementById("ps-asof").textContent = data.as_of;
    document.getElementById("ps-sample").hidden = !data.sample;
    document.getElementById("ps-lang").addEventListener("click", function () {
      setLang(document.body.classList.contains("lang-zh") ? "en" : "zh");
    });
    document.getElementById("ps-layers").appendChild(document.querySelector(".leaflet-control-layers"));
    var fold = document.getElementById("ps-fold");
    fold.addEventListener("click", function () {
      var folded = document.body.classList.toggle("folded");
      fold.setAttribute("aria-expanded", String(!folded));
      map.invalidateSize();
    });
    var views = { all: [[22.42, 113.7], [23.03, 115.22]], city: [[22.44, 113.74], [22.87, 114.64]], shenshan: [[22.69, 114.88], [23.04, 115.26]] };
    Object.keys(views).forEach(function (key) {
      document.getElementById("ps-view-" + key).addEventListener("click", function () { map.fitBounds(views[key]); });
    });
    if (window.innerWidth <= 760) { fold.click(); }
    map.invalidateSize();
    map.fitBounds(window.innerWidth <= 760 ? views.city : views.all, { animate: false });
    map.on("baselayerchange overlayadd overlayremove", function () { keepOrder(); legend(); headings(); });
    keepOrder();
    legend();
    headings();
    status();
  }

  function prepare(chart) {
    chart.createPane("names").style.zIndex = 590;
    chart.getPane("names").style.pointerEvents = "none";
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(chart);
  }

  return { prepare: prepare, theme: theme, labels: labels, places: places, sites: sites, start: start };
})(PARKSITE);
