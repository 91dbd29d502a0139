#include "pipeline/planning/site/plan_drawing.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/report_text.h"
#include "tiles3d/base/markup.h"

#include <fmt/format.h>
#include <glm/common.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace pipeline::planning::site {

using tiles3d::base::escaped;

namespace {

using style::FillKind;
using style::LayerStyle;
using style::Symbol;

/// A part to draw, and how.
struct DrawnPart {
    const Geometry* geometry = nullptr;
    Symbol symbol;
    double squareMetres = 0.0;
};

std::string cssColour(const glm::vec3& colour) {
    constexpr float kMost = 255.0F;
    const auto byte = [](float channel) {
        return static_cast<int>(std::lround(std::clamp(channel, 0.0F, 1.0F) * kMost));
    };
    return fmt::format("#{:02x}{:02x}{:02x}", byte(colour.r), byte(colour.g), byte(colour.b));
}

/// From the plane to the page: x right, y down, the site in the middle with a rim around it.
class Page {
public:
    Page(const PlaneBox& box, double widthPixels) {
        constexpr double kRim = 0.12;
        constexpr double kLeastShape = 0.45; // of a long, low site
        constexpr double kMostShape = 0.9;
        const glm::dvec2 size = glm::max(box.high - box.low, glm::dvec2(1.0));
        const double shape = std::clamp(size.y / size.x, kLeastShape, kMostShape);
        const double rimmed = 1.0 + 2.0 * kRim;
        pixels_ = {widthPixels, std::round(widthPixels * shape)};
        perMetre_ = std::min(pixels_.x / (size.x * rimmed), pixels_.y / (size.y * rimmed));
        centre_ = (box.low + box.high) / 2.0;
    }

    glm::dvec2 size() const { return pixels_; }
    double pixelsPerMetre() const { return perMetre_; }

    glm::dvec2 toPage(const glm::dvec2& point) const {
        const glm::dvec2 offset = (point - centre_) * perMetre_;
        return {pixels_.x / 2.0 + offset.x, pixels_.y / 2.0 - offset.y};
    }

private:
    glm::dvec2 pixels_{0.0};
    glm::dvec2 centre_{0.0};
    double perMetre_ = 1.0;
};

/// Points of a line as path data; those that fall on the same tenth of a pixel once.
void appendPath(const Page& page,
                const std::vector<glm::dvec2>& line,
                bool isClosed,
                std::string& d) {
    std::string last;
    char command = 'M';
    for (const glm::dvec2& point : line) {
        const glm::dvec2 at = page.toPage(point);
        std::string text = fmt::format("{:.1f} {:.1f}", at.x, at.y);
        if (text != last) {
            d += command;
            d += text;
            command = 'L';
            last = std::move(text);
        }
    }
    if (isClosed && !line.empty()) {
        d += 'Z';
    }
}

std::string surfacePath(const Page& page, const Geometry& geometry) {
    std::string d;
    for (const Polygon& polygon : geometry.polygons) {
        appendPath(page, polygon.outer, true, d);
        for (const Ring& hole : polygon.holes) {
            appendPath(page, hole, true, d);
        }
    }
    return d;
}

std::string linePath(const Page& page, const Geometry& geometry) {
    std::string d;
    for (const auto& line : geometry.lines) {
        appendPath(page, line, false, d);
    }
    return d;
}

/// Hatches are <pattern>s, one for each look.
class Patterns {
public:
    /// The value of a `fill` attribute.
    std::string fillOf(const Symbol& symbol) {
        switch (symbol.fill) {
        case FillKind::None:
            return "none";
        case FillKind::Solid:
            return cssColour(symbol.fillColour);
        case FillKind::Hatch:
            break;
        }
        const std::string look = fmt::format(
            "{} {} {}", cssColour(symbol.fillColour), symbol.hatchDegrees, symbol.hatchPixels);
        const auto [found, isNew] = ids_.try_emplace(look, fmt::format("h{}", ids_.size()));
        if (isNew) {
            definitions_ += fmt::format(
                R"svg(<pattern id="{0}" width="{1}" height="{1}" patternUnits="userSpaceOnUse" )svg"
                R"svg(patternTransform="rotate({2})"><rect width="{1}" height="{3}" )svg"
                R"svg(fill="{4}"/></pattern>)svg",
                found->second,
                symbol.hatchPixels,
                -symbol.hatchDegrees,
                symbol.hatchPixels * kStripe,
                cssColour(symbol.fillColour));
        }
        return fmt::format("url(#{})", found->second);
    }

    const std::string& definitions() const { return definitions_; }

private:
    static constexpr float kStripe = 0.35F;

    std::map<std::string, std::string> ids_;
    std::string definitions_;
};

std::string strokeOf(const Symbol& symbol) {
    if (symbol.lineWidth <= 0.0F) {
        return R"(stroke="none")";
    }
    std::string stroke = fmt::format(R"(stroke="{}" stroke-width="{}")",
                                     cssColour(symbol.lineColour),
                                     std::min(symbol.lineWidth, 3.0F));
    if (symbol.dash > 0.0F) {
        stroke += fmt::format(R"( stroke-dasharray="{} {}")", symbol.dash, symbol.gap);
    }
    return stroke;
}

std::string fillAttributes(const Symbol& symbol, Patterns& patterns) {
    return fmt::format(
        R"(fill="{}" fill-opacity="{:.2f}")", patterns.fillOf(symbol), symbol.fillAlpha);
}

std::string draw(const Page& page, const DrawnPart& part, Patterns& patterns) {
    std::string svg;
    if (!part.geometry->polygons.empty()) {
        svg += fmt::format("<path d=\"{}\" fill-rule=\"evenodd\" {} {}/>",
                           surfacePath(page, *part.geometry),
                           fillAttributes(part.symbol, patterns),
                           strokeOf(part.symbol));
    }
    if (!part.geometry->lines.empty()) {
        svg += fmt::format("<path d=\"{}\" fill=\"none\" {}/>",
                           linePath(page, *part.geometry),
                           strokeOf(part.symbol));
    }
    for (const glm::dvec2& point : part.geometry->points) {
        const glm::dvec2 at = page.toPage(point);
        svg += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="4" fill="{}" stroke="#fff"/>)",
                           at.x,
                           at.y,
                           cssColour(part.symbol.lineColour));
    }
    return svg + "\n";
}

std::string swatchOf(const Symbol& symbol, Patterns& patterns) {
    return fmt::format(
        R"(<svg width="30" height="16"><rect x="2" y="2" width="26" height="12" {} {}/></svg>)",
        fillAttributes(symbol, patterns),
        strokeOf(symbol));
}

/// A round length near a fifth of the page's width.
double barMetres(const Page& page) {
    constexpr double kShare = 0.2;
    const double wanted = page.size().x * kShare / page.pixelsPerMetre();
    const double power = std::pow(10.0, std::floor(std::log10(wanted)));
    for (const double step : {5.0, 2.0}) {
        if (step * power <= wanted) {
            return step * power;
        }
    }
    return power;
}

std::string furniture(const Page& page) {
    const double metres = barMetres(page);
    const double pixels = metres * page.pixelsPerMetre();
    const double y = page.size().y - 18.0;
    const std::string text =
        metres >= 1000.0 ? fmt::format("{:g} km", metres / 1000.0) : fmt::format("{:g} m", metres);
    std::string svg = fmt::format(
        R"(<g font-size="12" fill="#222"><path d="M16 {0:.1f}v6h{1:.1f}v-6" fill="none" )"
        R"(stroke="#222" stroke-width="1.5"/><text x="20" y="{0:.1f}">{2}</text>)",
        y,
        pixels,
        text);
    const double x = page.size().x - 26.0;
    svg += fmt::format(R"(<path d="M{0:.1f} 14l7 20l-7 -5l-7 5z"/><text x="{0:.1f}" y="48" )"
                       R"(text-anchor="middle">N</text></g>)",
                       x);
    return svg;
}

/// The legend's symbol of a line that is drawn by its id.
Symbol symbolOf(const style::Legend& legend, const std::string& id) {
    const auto found = std::ranges::find(legend.controlLines(), id, &style::ControlLine::id);
    return found != legend.controlLines().end() ? found->symbol : Symbol{};
}

/// Gathers what is to be drawn, and what the legend has to say of it.
class Drawing {
public:
    Drawing(const SiteReport& report, const style::Legend& legend) : report_(report) {
        for (std::size_t i = 0; i < report.layers.size(); ++i) {
            add(report.layers[i], legend.styleFor(report.layers[i].info, i));
        }
        std::ranges::stable_sort(parts_, std::greater<>(), &DrawnPart::squareMetres);
        for (const LayerFinding& layer : report.layers) {
            if (!layer.conflict.isEmpty()) {
                parts_.push_back({&layer.conflict, symbolOf(legend, "conflict"), 0.0});
            }
        }
        if (report.verdict == Verdict::Conflict) {
            labels_.emplace_back(symbolOf(legend, "conflict"), symbolName(legend, "conflict"));
        }
        parts_.push_back({&report.site.area, outlineOf(symbolOf(legend, "user_site")), 0.0});
    }

    std::size_t keepWithin(std::size_t maxVertices) {
        std::size_t vertices = 0;
        const std::size_t before = parts_.size();
        std::erase_if(parts_, [&](const DrawnPart& part) {
            const bool isSite = part.geometry == &report_.site.area;
            vertices += verticesOf(*part.geometry);
            return vertices > maxVertices && !isSite;
        });
        return before - parts_.size();
    }

    const std::vector<DrawnPart>& parts() const { return parts_; }
    const std::vector<std::pair<Symbol, std::string>>& labels() const { return labels_; }

private:
    static std::string symbolName(const style::Legend& legend, const std::string& id) {
        const auto found = std::ranges::find(legend.controlLines(), id, &style::ControlLine::id);
        return found != legend.controlLines().end() ? found->name : id;
    }

    /// The site's own fill would dye what lies in it.
    static Symbol outlineOf(Symbol symbol) {
        symbol.fill = FillKind::None;
        symbol.lineColour = {0.0F, 0.45F, 0.65F}; // cyan is made for photographs, not for paper
        return symbol;
    }

    static std::size_t verticesOf(const Geometry& geometry) {
        std::size_t count = geometry.points.size();
        for (const Polygon& polygon : geometry.polygons) {
            count += polygon.outer.size();
            for (const Ring& hole : polygon.holes) {
                count += hole.size();
            }
        }
        for (const auto& line : geometry.lines) {
            count += line.size();
        }
        return count;
    }

    void add(const LayerFinding& layer, const LayerStyle& layerStyle) {
        std::map<std::size_t, std::string> used;
        for (const FeatureOverlap& feature : layer.features) {
            const std::size_t place = style::classOf(layerStyle, layer.info.fields, feature.values);
            parts_.push_back({&feature.part,
                              style::symbolAt(layerStyle, place),
                              feature.amount.planeSquareMetres});
            const bool hasClass = place < layerStyle.classes.size();
            used.emplace(place, hasClass ? layerStyle.classes[place].label : "");
        }
        for (const auto& [place, label] : used) {
            const std::string text =
                label.empty() ? layer.info.title : layer.info.title + " · " + label;
            labels_.emplace_back(style::symbolAt(layerStyle, place), text);
        }
    }

    const SiteReport& report_;
    std::vector<DrawnPart> parts_;
    std::vector<std::pair<Symbol, std::string>> labels_;
};

} // namespace

PlanDrawing
drawPlan(const SiteReport& report, const style::Legend& legend, const PlanOptions& options) {
    Drawing drawing(report, legend);
    PlanDrawing plan;
    plan.leftOut = drawing.keepWithin(options.maxVertices);
    const Page page(boundsOf(report.site.area), options.widthPixels);
    Patterns patterns;
    std::string body;
    for (const DrawnPart& part : drawing.parts()) {
        body += draw(page, part, patterns);
    }
    for (const auto& [symbol, label] : drawing.labels()) {
        plan.entries.push_back({swatchOf(symbol, patterns), escaped(label)});
    }
    plan.svg = fmt::format(
        R"(<svg class="plan" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">)"
        "<defs>{2}</defs>\n"
        R"(<rect width="{0}" height="{1}" fill="#fafaf7"/>)"
        "\n{3}{4}</svg>",
        page.size().x,
        page.size().y,
        patterns.definitions(),
        body,
        furniture(page));
    return plan;
}

} // namespace pipeline::planning::site
