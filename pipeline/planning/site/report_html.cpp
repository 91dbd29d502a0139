#include "pipeline/planning/site/report_html.h"

#include "tiles3d/base/markup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pipeline::planning::site {

using tiles3d::base::escaped;

namespace {

constexpr const char* kStyle = R"(
:root{--red:#c4122f;--green:#1a7f4b;--blue:#2c5f8a;--line:#dde1e6;--soft:#f4f6f8;--ink:#1c2733}
*{box-sizing:border-box}
body{margin:0;background:#e9edf1;color:var(--ink);font:14px/1.55 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif}
main{max-width:1080px;margin:24px auto;background:#fff;padding:32px 40px;box-shadow:0 1px 6px #0002}
h1{font-size:24px;margin:0}h2{font-size:18px;margin:32px 0 10px;padding-bottom:4px;border-bottom:2px solid var(--line)}h3{font-size:15px;margin:18px 0 6px}
.sub{color:#5a6775;margin:2px 0 16px}
.banner{display:flex;align-items:center;gap:18px;border-radius:6px;padding:14px 20px;color:#fff;margin:14px 0}
.banner.conflict{background:var(--red)}.banner.pass{background:var(--green)}
.banner b{font-size:26px;white-space:nowrap}
.numbers{display:grid;grid-template-columns:repeat(4,1fr);gap:10px;margin:12px 0}
.numbers div{background:var(--soft);border-radius:6px;padding:10px 12px}.numbers b{display:block;font-size:17px}
.numbers span{color:#5a6775;font-size:12px}
table{border-collapse:collapse;width:100%;margin:8px 0;font-size:13px}
th,td{border-bottom:1px solid var(--line);padding:5px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:var(--soft);font-weight:600}td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.tag{display:inline-block;border-radius:3px;padding:0 7px;color:#fff;font-size:12px;white-space:nowrap}
.tag.conflict{background:var(--red)}.tag.pass{background:var(--green)}.tag.inform{background:var(--blue)}
.card{border:1px solid var(--line);border-left:5px solid var(--red);border-radius:4px;padding:4px 16px 10px;margin:12px 0}
.basis,.note{color:#5a6775;font-size:12.5px;margin:4px 0}
.pictures{display:grid;grid-template-columns:1fr 1fr;gap:12px}.pictures figure{margin:0}
.pictures img{width:100%;border-radius:4px;display:block}figcaption{font-size:12px;color:#5a6775;padding-top:3px}
.plan{max-width:100%;height:auto;border:1px solid var(--line);border-radius:4px}
.legend{display:grid;grid-template-columns:repeat(3,1fr);gap:2px 14px;font-size:12px;margin-top:8px}
.legend span{display:flex;align-items:center;gap:6px}.legend svg{flex:none}
details{margin:6px 0}summary{cursor:pointer;font-weight:600}
@media print{body{background:#fff}main{box-shadow:none;margin:0;padding:0}.card,figure{break-inside:avoid}}
@media(max-width:720px){main{padding:16px}.numbers,.pictures,.legend{grid-template-columns:1fr 1fr}}
)";

/// A cell's text, escaped when it is put in.
struct Cell {
    std::string text;
    bool isNumber = false;
    std::string tag; ///< Class of a badge around the text; or "".
};

Cell number(std::string text) {
    return {std::move(text), true};
}

Cell badge(Verdict verdict, Language language) {
    return {wordFor(verdict, language), false, std::string(nameOf(verdict))};
}

std::string row(const std::vector<Cell>& cells, const char* tag = "td") {
    std::string html = "<tr>";
    for (const Cell& cell : cells) {
        html += fmt::format("<{}{}>", tag, cell.isNumber ? " class=\"n\"" : "");
        html += cell.tag.empty()
                    ? escaped(cell.text)
                    : fmt::format("<span class=\"tag {}\">{}</span>", cell.tag, escaped(cell.text));
        html += fmt::format("</{}>", tag);
    }
    return html + "</tr>\n";
}

std::string table(const std::vector<Cell>& head, const std::string& rows) {
    return "<table><thead>" + row(head, "th") + "</thead><tbody>\n" + rows + "</tbody></table>\n";
}

std::string base64(tiles3d::base::ByteView bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        unsigned bits = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            bits = (bits << 8U) | (j < count ? std::to_integer<unsigned>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            const unsigned shift = 18U - 6U * static_cast<unsigned>(j);
            text += j <= count ? kDigits[(bits >> shift) & 63U] : '=';
        }
    }
    return text;
}

/// Writes one report in one language.
class Page {
public:
    Page(const SiteReport& report, const style::Legend& legend, const HtmlOptions& options)
        : report_(report), legend_(legend), options_(options), language_(options.language) {}

    std::string write() const {
        const std::string title = say("用地检查报告", "Site check") + (" · " + report_.site.name);
        return fmt::format("<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
                           "<meta name=\"viewport\" content=\"width=device-width\">"
                           "<title>{}</title><style>{}</style></head><body><main>\n",
                           say("zh-CN", "en"),
                           escaped(title),
                           kStyle) +
               summary() + conflicts() + views() + categories() + layers() + heights() +
               distances() + details() + slivers() + remarks() + "</main></body></html>\n";
    }

private:
    std::string say(const char* chinese, const char* english) const {
        return site::say(language_, chinese, english);
    }

    std::string heading(const char* chinese, const char* english) const {
        return "<h2>" + say(chinese, english) + "</h2>\n";
    }

    std::string note(const std::string& text) const {
        return text.empty() ? "" : "<p class=\"note\">" + escaped(text) + "</p>\n";
    }

    std::string notes(const LayerFinding& layer) const {
        std::string html;
        if (layer.rule.isGuessed) {
            html += note(fmt::format("{} {} {}",
                                     say("按名称推定为", "Taken for"),
                                     layer.rule.title,
                                     say("（规则须经人工确认）",
                                         "because of its name; a person has to confirm the rule")));
        }
        for (const Remark& remark : layer.remarks) {
            html += note(say(remark.chinese.c_str(), remark.english.c_str()));
        }
        return html;
    }

    std::string extent(const Amount& amount) const { return amountText(amount, language_); }

    std::string share(const Amount& amount) const {
        return amount.planeSquareMetres > 0.0 ? shareText(amount.siteShare) : "";
    }

    std::vector<const LayerFinding*> conflicting() const {
        std::vector<const LayerFinding*> found;
        for (const LayerFinding& layer : report_.layers) {
            if (layer.verdict == Verdict::Conflict) {
                found.push_back(&layer);
            }
        }
        return found;
    }

    std::string summary() const {
        const auto found = conflicting();
        const auto farOff =
            std::ranges::count(report_.distances, Verdict::Conflict, &NearestFeature::verdict);
        std::string words;
        for (const LayerFinding* layer : found) {
            words += (words.empty() ? "" : say("、", ", ")) + layer->info.title;
        }
        if (farOff > 0) {
            words += (words.empty() ? "" : say("；", "; ")) +
                     fmt::format("{} {}", farOff, say("项距离不符", "distances not met"));
        }
        if (words.empty()) {
            words = say("未发现与规则冲突的图层", "No layer breaks a rule");
        }
        std::string html = "<h1>" + say("用地检查报告", "Site check") + "</h1>\n";
        html += fmt::format("<p class=\"sub\">{}{}</p>\n",
                            escaped(report_.site.name),
                            options_.date.empty() ? "" : " · " + escaped(options_.date));
        html += fmt::format("<div class=\"banner {}\"><b>{}</b><span>{}</span></div>\n",
                            nameOf(report_.verdict),
                            escaped(wordFor(report_.verdict, language_)),
                            escaped(words));
        return html + numbers(found.size());
    }

    std::string numbers(std::size_t conflictingLayers) const {
        const auto tile = [](const std::string& label, const std::string& value) {
            return fmt::format(
                "<div><span>{}</span><b>{}</b></div>\n", escaped(label), escaped(value));
        };
        constexpr double kSquareMetresPerMu = 10000.0 / 15.0;
        const double squareMetres = report_.amount.squareMetres;
        return "<div class=\"numbers\">" +
               tile(say("用地面积（椭球面）", "Area (ellipsoid)"),
                    grouped(squareMetres, 2) + " m²") +
               tile(say("公顷 / 亩", "Hectares / mu"),
                    fmt::format("{} ha / {} {}",
                                grouped(squareMetres / 1e4, 4),
                                grouped(squareMetres / kSquareMetresPerMu, 3),
                                say("亩", "mu"))) +
               tile(say("周长", "Perimeter"), grouped(report_.perimeterMetres, 2) + " m") +
               tile(say("冲突 / 涉及 / 检查图层", "Layers in conflict / touched / checked"),
                    fmt::format("{} / {} / {}",
                                conflictingLayers,
                                report_.layers.size(),
                                report_.layersChecked)) +
               "</div>\n";
    }

    std::string featureRows(const LayerFinding& layer,
                            const std::vector<FeatureOverlap>& features,
                            bool onlyConflicts) const {
        std::string rows;
        std::size_t count = 0;
        for (const FeatureOverlap& feature : features) {
            if (onlyConflicts && feature.verdict != Verdict::Conflict &&
                layer.rule.kind != RuleKind::RequireInside) {
                continue;
            }
            if (++count <= options_.maxRows) {
                rows += row({{feature.name},
                             {feature.remark},
                             number(extent(feature.amount)),
                             number(feature.amount.planeSquareMetres > 0.0
                                        ? grouped(feature.amount.planeSquareMetres, 2)
                                        : ""),
                             number(share(feature.amount))});
            }
        }
        if (count > options_.maxRows) {
            rows += row({{fmt::format("+ {}", count - options_.maxRows)}});
        }
        return rows;
    }

    std::string featureTable(const std::string& rows) const {
        return table({{say("要素", "Feature")},
                      {say("指标", "Value")},
                      number(say("重叠", "Overlap")),
                      number(say("平面 m²", "Plane m²")),
                      number(say("占用地", "Of the site"))},
                     rows);
    }

    std::string origin(const LayerInfo& info) const {
        std::string text = info.table;
        const auto add = [&](const std::string& label, const std::string& value) {
            if (!value.empty()) {
                text += " · " + label + " " + value;
            }
        };
        add(say("分类", "category"), info.category);
        add(say("现势性", "as of"), info.vintage);
        add(say("来源", "source"), info.source);
        return text;
    }

    std::string conflicts() const {
        const auto found = conflicting();
        if (found.empty()) {
            return "";
        }
        std::string html = heading("冲突", "Conflicts");
        for (const LayerFinding* layer : found) {
            html += "<div class=\"card\"><h3>" + escaped(layer->info.title) +
                    " &nbsp;<span class=\"tag conflict\">" +
                    escaped(wordFor(layer->rule.kind, language_)) + "</span></h3>\n";
            html +=
                fmt::format("<p><b>{}</b>{}{}</p>\n",
                            escaped(layer->rule.kind == RuleKind::RequireInside
                                        ? say("范围外：", "Outside: ")
                                        : say("冲突部分：", "In conflict: ")),
                            escaped(extent(layer->conflictAmount)),
                            layer->conflictAmount.planeSquareMetres > 0.0
                                ? say("，占用地 ", ", of the site ") + share(layer->conflictAmount)
                                : "");
            if (!layer->rule.basis.empty()) {
                html += "<p class=\"basis\">" + say("依据：", "Basis: ") +
                        escaped(layer->rule.basis) + "</p>\n";
            }
            html += note(origin(layer->info));
            html += notes(*layer);
            if (const std::string rows = featureRows(*layer, layer->features, true);
                !rows.empty()) {
                html += featureTable(rows);
            }
            html += "</div>\n";
        }
        return html;
    }

    std::string views() const {
        const PlanDrawing plan = drawPlan(report_, legend_);
        std::string html = heading("位置与图示", "The site in the city");
        if (!options_.pictures.empty()) {
            html += "<div class=\"pictures\">\n";
            for (const ReportPicture& picture : options_.pictures) {
                html += fmt::format("<figure><img alt=\"{0}\" src=\"data:image/png;base64,{1}\">"
                                    "<figcaption>{0}</figcaption></figure>\n",
                                    escaped(picture.title),
                                    base64(picture.png));
            }
            html += "</div>\n";
        }
        html += note(options_.pictureRemark);
        html += "<h3>" + say("平面图", "Plan") + "</h3>\n" + plan.svg + "\n<div class=\"legend\">";
        constexpr std::size_t kMostEntries = 60;
        for (std::size_t i = 0; i < std::min(kMostEntries, plan.entries.size()); ++i) {
            html +=
                fmt::format("<span>{}{}</span>\n", plan.entries[i].swatch, plan.entries[i].label);
        }
        html += "</div>\n";
        if (plan.leftOut > 0) {
            html += note(fmt::format(
                "{} {}", plan.leftOut, say("个较小的部分未绘出", "smaller parts are not drawn")));
        }
        return html;
    }

    std::string categories() const {
        std::string rows;
        for (const CategoryTotal& total : report_.categories) {
            rows += row({badge(total.verdict, language_),
                         {categoryName(total.category)},
                         number(fmt::format("{}", total.layers)),
                         number(fmt::format("{}", total.features)),
                         number(extent(total.covered)),
                         number(share(total.covered))});
        }
        return rows.empty()
                   ? ""
                   : heading("分类汇总", "By category") +
                         table({{say("结论", "Verdict")},
                                {say("类别", "Category")},
                                number(say("图层", "Layers")),
                                number(say("要素", "Features")),
                                number(say("重叠（不重复计）", "Overlap, each place once")),
                                number(say("占用地", "Of the site"))},
                               rows);
    }

    /// "control/three-lines" in the legend's words.
    std::string categoryName(const std::string& path) const {
        std::string text;
        std::size_t start = 0;
        while (start < path.size()) {
            const std::size_t end = std::min(path.find('/', start), path.size());
            const style::CategoryName name =
                legend_.categoryName(std::string_view(path).substr(start, end - start));
            text += (text.empty() ? "" : " / ") +
                    (language_ == Language::Chinese ? name.name : name.nameEnglish);
            start = end + 1;
        }
        return text.empty() ? say("未分类", "Without a category") : text;
    }

    std::string layers() const {
        std::string rows;
        for (const LayerFinding& layer : report_.layers) {
            rows += row(
                {badge(layer.verdict, language_),
                 {layer.info.title},
                 {wordFor(layer.rule.kind, language_)},
                 number(fmt::format("{}", layer.features.size())),
                 number(extent(layer.covered)),
                 number(share(layer.covered)),
                 {layer.info.vintage.empty() ? say("未注明", "not stated") : layer.info.vintage},
                 {layer.info.source.empty() ? layer.info.table : layer.info.source}});
        }
        const std::string head = heading("涉及的图层", "Layers touched");
        if (rows.empty()) {
            return head + note(say("用地不涉及任何图层", "The site touches no layer"));
        }
        return head + table({{say("结论", "Verdict")},
                             {say("图层", "Layer")},
                             {say("规则", "Rule")},
                             number(say("要素", "Features")),
                             number(say("重叠", "Overlap")),
                             number(say("占用地", "Of the site")),
                             {say("现势性", "As of")},
                             {say("来源", "Source")}},
                            rows);
    }

    std::string heights() const {
        std::string rows;
        for (const LayerFinding& layer : report_.layers) {
            for (const HeightExcess& excess : layer.excesses) {
                rows +=
                    row({{excess.isCertain() ? wordFor(Verdict::Conflict, language_)
                                             : say("误差以内", "Within the error"),
                          false,
                          excess.isCertain() ? "conflict" : "inform"},
                         {layer.info.title + fmt::format(" #{}", excess.ref.id)},
                         {excess.isDesign ? say("设计模型", "Design model")
                                          : say("现状表面", "Surface today")},
                         number(fmt::format("{:.1f}", excess.limitMetres)),
                         number(fmt::format("{:.1f}", excess.topMetres)),
                         number(fmt::format(
                             "{:.1f} ± {:.1f}", excess.excessMetres(), excess.uncertaintyMetres)),
                         number(grouped(excess.planeSquareMetres, 0)),
                         number(fmt::format("{:.1f}, {:.1f}", excess.place.x, excess.place.y))});
            }
        }
        return rows.empty() ? ""
                            : heading("超高", "Above the height limit") +
                                  table({{say("结论", "Verdict")},
                                         {say("限高要素", "Limit")},
                                         {say("对象", "What")},
                                         number(say("限高 m", "Limit m")),
                                         number(say("实际 m", "Height m")),
                                         number(say("超出 m", "Above m")),
                                         number(say("面积 m²", "Area m²")),
                                         number(say("最高点坐标", "Highest point"))},
                                        rows);
    }

    std::string wanted(const DistanceTarget& target) const {
        std::string text;
        if (target.atLeastMetres > 0.0) {
            text = fmt::format("≥ {} m", grouped(target.atLeastMetres, 0));
        }
        if (target.atMostMetres < DistanceTarget().atMostMetres) {
            text +=
                fmt::format("{}≤ {} m", text.empty() ? "" : ", ", grouped(target.atMostMetres, 0));
        }
        return text;
    }

    std::string distances() const {
        std::string rows;
        for (const NearestFeature& nearest : report_.distances) {
            rows += row({badge(nearest.verdict, language_),
                         {nearest.target.title},
                         {nearest.ref ? nearest.name : say("无", "none")},
                         {nearest.layerTitle},
                         number(nearest.ref ? grouped(nearest.metres, 1) : ""),
                         number(wanted(nearest.target))});
        }
        return rows.empty() ? ""
                            : heading("最近距离", "Nearest distances") +
                                  table({{say("结论", "Verdict")},
                                         {say("目标", "Target")},
                                         {say("最近要素", "Nearest")},
                                         {say("图层", "Layer")},
                                         number(say("距离 m", "Distance m")),
                                         number(say("要求", "Wanted"))},
                                        rows);
    }

    std::string details() const {
        std::string html;
        for (const LayerFinding& layer : report_.layers) {
            if (layer.features.empty()) {
                continue;
            }
            html += fmt::format("<details><summary>{} ({})</summary>",
                                escaped(layer.info.title),
                                layer.features.size());
            html += note(origin(layer.info));
            html += notes(layer);
            html += featureTable(featureRows(layer, layer.features, false)) + "</details>\n";
        }
        return html.empty() ? "" : heading("逐图层明细", "Details by layer") + html;
    }

    std::string slivers() const {
        std::string rows;
        for (const LayerFinding& layer : report_.layers) {
            for (const FeatureOverlap& sliver : layer.slivers) {
                rows += row({{layer.info.title},
                             {sliver.name},
                             number(sliver.part.polygons.empty()
                                        ? grouped(sliver.amount.lineMetres, 2) + " m"
                                        : fmt::format("{:.4f} m²", sliver.amount.squareMetres))});
            }
        }
        return rows.empty() ? ""
                            : heading("碎片（不计入冲突）", "Slivers, counted in no conflict") +
                                  table({{say("图层", "Layer")},
                                         {say("要素", "Feature")},
                                         number(say("重叠", "Overlap"))},
                                        rows);
    }

    std::string remarks() const {
        std::string html = heading("说明", "Remarks");
        html +=
            note(say("面积为 CGCS2000/WGS 84 椭球面面积，平面面积并列；平面坐标系：",
                     "Areas are on the WGS 84 ellipsoid, those of the plane beside them; plane: ") +
                 report_.planeCrs.substr(0, 60));
        html += note(fmt::format(
            "{}: {} m², {} m, {}, {}",
            say("用地平面面积", "The site in the plane"),
            grouped(report_.amount.planeSquareMetres, 2),
            grouped(report_.perimeterMetres, 2),
            fmt::format("{} {}", report_.site.area.polygons.size(), say("个地块", "polygons")),
            say("1 公顷 = 15 亩", "1 ha = 15 mu")));
        for (const std::string& remark : report_.remarks) {
            html += note(remark);
        }
        return html;
    }

    const SiteReport& report_;
    const style::Legend& legend_;
    const HtmlOptions& options_;
    Language language_;
};

} // namespace

std::string
toHtml(const SiteReport& report, const style::Legend& legend, const HtmlOptions& options) {
    return Page(report, legend, options).write();
}

} // namespace pipeline::planning::site
