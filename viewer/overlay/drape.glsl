// The drape: looks a point of the plane up in the pages of page.h and paints what it finds. What no
// symbol needs is left out: software renderers run both sides of a branch.
#pragma import_defines(DASHED, HATCHED, RANGED, WITH_HEIGHTS, IN_METRES, NEAR_GROUND)

const int kLevels = 12;             // as in page_grid.h
const float kFinestMetres = 0.125;
const int kTableAcross = 32;        // as in page_cache.h
const uint kEmptyPage = 0xFFFFFFFFu;
const int kSymbolTexels = 4;        // as in symbol_texels.h
const int kSymbolsAcross = 64;

uniform usampler2D u_pages;     // all pages, 4096 texels across
uniform usampler2D u_pageTable; // first texel and key of each page that is there
uniform usampler2D u_symbols;
uniform ivec2 u_eyePage[kLevels]; // the page that the eye is over
uniform vec2 u_eyeCells[kLevels]; // and where in it, in cells
uniform vec2 u_eyeFromAnchor;     // metres; where stripes start
uniform float u_levelScale;       // more than 1 where lines are wider than cells list edges for
uniform float u_reachPixels;      // farthest from its edge that a line in pixels is seen

uvec4 pageTexel(int at) { return texelFetch(u_pages, ivec2(at & 4095, at >> 12), 0); }

uvec4 symbolTexel(uint row, int texel) {
    int at = int(row & 0x00FFFFFFu);
    return texelFetch(u_symbols,
                      ivec2(at % kSymbolsAcross * kSymbolTexels + texel, at / kSymbolsAcross), 0);
}

vec4 unpackedColour(uint bits) {
    return vec4(bits & 255u, (bits >> 8u) & 255u, (bits >> 16u) & 255u, bits >> 24u) / 255.0;
}

vec2 unpackedPoint(uint bits) { return vec2(int(bits << 16u) >> 16, int(bits) >> 16); }

/// A pixel's footprint on the plane.
struct DrapePixel {
    vec2 point;    // metres from the eye
    float height;  // above the ellipsoid, metres
    mat2 toPlane;  // metres on the plane by one pixel to the right and one up
    mat2 toPixels; // its inverse
    float metres;  // per pixel, the larger step
    float samples; // across a pixel: edges are as soft as one of them
    float upness;  // 1 on upward faces, 0 on walls
};

/// A wall sees the plane edge-on: its two steps are parallel, and no step leads off it. The smaller
/// gets a thousandth of the larger across it, so that what is not on the wall is far away.
void setFootprint(inout DrapePixel pixel, vec2 dx, vec2 dy) {
    bool isDxLonger = dot(dx, dx) > dot(dy, dy);
    vec2 longer = isDxLonger ? dx : dy;
    vec2 shorter = isDxLonger ? dy : dx;
    float size = max(length(longer), 1e-4);
    longer = length(longer) < 1e-4 ? vec2(size, 0.0) : longer;
    vec2 across = vec2(-longer.y, longer.x) / size;
    float reach = dot(shorter, across);
    float least = 1e-3 * size;
    shorter += across * ((reach < 0.0 ? min(reach, -least) : max(reach, least)) - reach);
    pixel.toPlane = isDxLonger ? mat2(longer, shorter) : mat2(shorter, longer);
    pixel.toPixels = inverse(pixel.toPlane);
    pixel.metres = size;
}

/// Stripes and dashes keep to powers of two of metres, so that they do not crawl while zooming.
float snappedPeriod(float pixels, float metresPerPixel) {
    return exp2(floor(log2(max(pixels * metresPerPixel, 1e-6)) + 0.5));
}

/// Nearest point of a feature's edges, as the picture sees it: on a slanted surface another one than
/// on the plane. Offsets in pixels.
struct DrapeNearest {
    float squared;
    vec2 offset;
    vec2 along;  // the whole edge
    float share; // of the edge before the point
    float arc;   // metres of line before the edge
};

/// Returns the square of the edge's own distance.
float nearerEdge(inout DrapeNearest nearest, uvec4 edge, vec2 p, mat2 toPixels) {
    vec2 a = unpackedPoint(edge.x);
    vec2 from = toPixels * (a - p);
    vec2 along = toPixels * (unpackedPoint(edge.y) - a);
    float share = clamp(-dot(from, along) / max(dot(along, along), 1e-12), 0.0, 1.0);
    vec2 offset = from + along * share;
    float squared = dot(offset, offset);
    if (squared < nearest.squared) {
        nearest = DrapeNearest(squared, offset, along, share, uintBitsToFloat(edge.w));
    }
    return squared;
}

/// Unit vector across the line in the picture.
vec2 acrossLine(DrapeNearest nearest) {
    bool isOnLine = nearest.squared < 1e-6;
    vec2 across = isOnLine ? vec2(-nearest.along.y, nearest.along.x) : nearest.offset;
    return across / max(length(across), 1e-6);
}

float dashCover(uint symbol, DrapeNearest nearest, DrapePixel pixel) {
#ifdef DASHED
    vec2 dash = uintBitsToFloat(symbolTexel(symbol, 3).xy);
    if (dash.x <= 0.0) {
        return 1.0;
    }
    float period = snappedPeriod(dash.x + dash.y, pixel.metres);
    float drawn = period * dash.x / (dash.x + dash.y);
    float edgeMetres = length(pixel.toPlane * nearest.along);
    float at = abs(mod(nearest.arc + nearest.share * edgeMetres, period) - 0.5 * drawn);
    float scale = edgeMetres / max(length(nearest.along), 1e-6); // metres per pixel
    return clamp(0.5 + (0.5 * drawn - at) / max(scale, 1e-3 * pixel.metres), 0.0, 1.0);
#else
    return 1.0;
#endif
}

/// A feature at a pixel.
struct DrapeFeature {
    uint symbol;
    uint state;     // bits: 1 shown, 2 selected, 4 hovered
    float width;    // metres; of a surface that must not drown in its own outline
    float strength; // by drape mode and scale range; 0: not here
    uvec4 look;     // the symbol's first texel
};

float hatchCover(DrapeFeature feature, DrapePixel pixel) {
#ifdef HATCHED
    if ((feature.look.w & 16u) == 0u) {
        return 1.0;
    }
    vec4 hatch = uintBitsToFloat(symbolTexel(feature.symbol, 2));
    vec2 across = hatch.xy;
    float period = snappedPeriod(hatch.z, pixel.metres);
    float phase = fract(dot(u_eyeFromAnchor, across) / period) + dot(pixel.point, across) / period;
    float at = abs(fract(phase) - 0.5) * period; // from the gap's middle
    float scale = length(vec2(dot(pixel.toPlane[0], across), dot(pixel.toPlane[1], across)));
    float edge = period * 0.32; // about a third is stripe
    return clamp(0.5 + (at - edge) / max(scale, 1e-3 * pixel.metres), 0.0, 1.0);
#else
    return 1.0;
#endif
}

#ifdef NEAR_GROUND
uniform sampler2D u_ground;   // heights as of DrapePixel, rows from the south
uniform vec3 u_groundCorner;  // of the south-western cell's corner, metres from the eye; cell size

/// 1 on what is near the ground, and where it is not known; soft over a pixel.
float nearGround(float band, DrapePixel pixel) {
    vec2 place = (pixel.point - u_groundCorner.xy) / (u_groundCorner.z * vec2(textureSize(u_ground, 0)));
    float ground = texture(u_ground, place).r;
    bool isKnown = place == clamp(place, 0.0, 1.0) && ground > -1e5;
    float outside = abs(pixel.height - ground) - band;
    return isKnown ? clamp(1.0 - outside / clamp(pixel.metres, 0.2, 1.0), 0.0, 1.0) : 1.0;
}
#endif

/// How strongly a feature shows on the surface that the pixel is of.
float strengthOf(uvec4 row, uvec4 look, DrapePixel pixel) {
#ifdef RANGED
    vec2 range = uintBitsToFloat(symbolTexel(row.x, 1).zw);
    if (pixel.metres < range.x || pixel.metres >= range.y) {
        return 0.0;
    }
#endif
    uint mode = look.w & 3u;
    if (mode == 1u) {
        return mix(float((look.w >> 8u) & 255u) / 255.0, 1.0, pixel.upness);
    }
#ifdef NEAR_GROUND
    if (mode == 2u) {
        return nearGround(uintBitsToFloat(symbolTexel(row.x, 3).z), pixel);
    }
#endif
#ifdef WITH_HEIGHTS
    if (mode == 3u) {
        vec2 heights = uintBitsToFloat(row.yz);
        return pixel.height >= heights.x - 0.5 && pixel.height <= heights.y + 0.5 ? 1.0 : 0.0;
    }
#endif
    return 1.0;
}

/// Colours that are painted are premultiplied: what they cover follows from their alpha.
vec4 over(vec4 below, vec3 colour, float alpha) {
    return mix(below, vec4(colour, 1.0), clamp(alpha, 0.0, 1.0));
}

const vec3 kSelectedColour = vec3(1.0, 0.86, 0.1);
const vec3 kHoveredColour = vec3(1.0);
const float kFootprintMetres = 0.5; // walls stand that far off the footprint of a building

vec4 paintFill(vec4 colour, DrapeFeature feature, float toEdge, bool isInside, DrapePixel pixel) {
    float cover = clamp(0.5 + (isInside ? toEdge : -toEdge) * pixel.samples, 0.0, 1.0);
    // Narrower than a pixel a surface is left out: it is part of its cell's shares.
    cover *= feature.strength * smoothstep(0.5, 1.5, feature.width / pixel.metres);
    float alpha = unpackedColour(feature.look.x).a;
    if (alpha > 0.0) {
        alpha *= cover * hatchCover(feature, pixel);
        colour = over(colour, unpackedColour(feature.look.x).rgb, alpha);
    }
    if ((feature.state & 6u) != 0u) {
        bool isSelected = (feature.state & 2u) != 0u;
        colour = over(colour, isSelected ? kSelectedColour : kHoveredColour,
                      cover * (isSelected ? 0.45 : 0.25));
    }
    return colour;
}

vec4 paintLine(vec4 colour, DrapeFeature feature, DrapeNearest nearest, float pad,
               DrapePixel pixel) {
    vec4 line = unpackedColour(feature.look.y);
    vec4 casing = unpackedColour(feature.look.z);
    float casingPixels = casing.a * 255.0 / 16.0;
    float metresAcross = length(pixel.toPlane * acrossLine(nearest)); // per pixel
    float halfLine = float(feature.look.w >> 16u) / 128.0;
    float halfMetres = 0.0;
#ifdef IN_METRES
    if ((feature.look.w & 4u) != 0u) {
        halfMetres = 0.5 * uintBitsToFloat(symbolTexel(feature.symbol, 1).x);
        halfLine = halfMetres / metresAcross;
    }
#endif
    if ((feature.state & 6u) != 0u) {
        line = vec4((feature.state & 2u) != 0u ? kSelectedColour : kHoveredColour, 1.0);
        halfLine = max(halfLine, 1.5);
    }
    float reach = (halfLine + casingPixels) * metresAcross;
    // Beyond the pad edges are not listed: fade instead of cutting off at cell borders.
    float fade = clamp(5.0 - 5.0 * (reach - halfMetres) / pad, 0.0, 1.0);
    fade *= feature.strength * smoothstep(0.75, 1.5, feature.width / (2.0 * reach));
    float toEdge = sqrt(nearest.squared);
    fade *= dashCover(feature.symbol, nearest, pixel);
    float outer = clamp(0.5 + (halfLine + casingPixels - toEdge) * pixel.samples, 0.0, 1.0);
    float inner = clamp(0.5 + (halfLine - toEdge) * pixel.samples, 0.0, 1.0);
    float casingAlpha = casingPixels > 0.0 ? 0.55 * line.a : 0.0;
    colour = over(colour, casing.rgb, casingAlpha * outer * fade);
    return over(colour, line.rgb, line.a * inner * fade);
}

/// Where a group stands and what was found of it.
struct DrapeGroup {
    int page;
    int features; // first texel of their offsets
    int edges;    // first texel
    int edgeCount;
    vec2 point;    // in units of the edges
    mat2 toPixels; // from such units
    float pad;     // metres
};

const DrapeNearest kNowhere = DrapeNearest(1e12, vec2(1.0, 0.0), vec2(0.0, 1.0), 0.0, 0.0);

vec4 paintFeature(vec4 colour, int number, DrapeNearest nearest, bool isInside, DrapeGroup group,
                  DrapePixel pixel) {
    int offset = int(pageTexel(group.features + number / 4)[number % 4]);
    uvec4 row = pageTexel(group.page + offset);
    uint state = (row.x >> 24u) & 7u;
    uvec4 look = symbolTexel(row.x, 0);
    DrapeFeature feature =
        DrapeFeature(row.x, state, uintBitsToFloat(row.w), strengthOf(row, look, pixel), look);
    if ((state & 1u) == 0u || (look.w & 32u) == 0u || feature.strength <= 0.0) {
        return colour;
    }
    float toEdge = sqrt(nearest.squared);
#ifdef WITH_HEIGHTS
    if ((look.w & 3u) == 3u && !isInside) {
        float metresAcross = length(pixel.toPlane * acrossLine(nearest));
        isInside = toEdge * metresAcross < kFootprintMetres;
        toEdge = abs(kFootprintMetres / metresAcross - toEdge);
    }
#endif
    colour = paintFill(colour, feature, toEdge, isInside, pixel);
    bool hasLine = look.y >= 0x01000000u || (state & 6u) != 0u;
    return nearest.squared < 1e11 && hasLine ? paintLine(colour, feature, nearest, group.pad, pixel)
                                             : colour;
}

/// Surfaces too small to be seen one by one, as shares of parts of the cell.
vec4 paintShares(vec4 colour, int at, int count, vec2 inCell, DrapePixel pixel) {
    ivec2 part = clamp(ivec2(inCell * 4.0), ivec2(0), ivec2(3));
    for (int i = 0; i < count; ++i) {
        uint symbol = pageTexel(at + 2 * i).x;
        uvec4 look = symbolTexel(symbol, 0);
        float share = float((pageTexel(at + 2 * i + 1)[part.y] >> uint(8 * part.x)) & 255u) / 255.0;
        if ((look.w & 32u) != 0u && share > 0.0) {
            vec4 fill = unpackedColour(look.x);
            float strength = strengthOf(uvec4(symbol, 0u, 0u, 0u), look, pixel);
            colour = over(colour, fill.rgb, fill.a * share * strength);
        }
    }
    return colour;
}

/// The place of the lowest bit. REQUIRES: bits != 0.
int lowestBit(uint bits) {
    return int(floatBitsToUint(float(bits & (~bits + 1u))) >> 23u) - 127;
}

vec4 paintGroup(vec4 colour, uvec4 header, DrapeGroup group, DrapePixel pixel) {
    uint inside = header.y;
    uint near = 0u;
    uint nearestMask = 0u;
    DrapeNearest nearest = kNowhere;
    float reach = (header.x & 512u) != 0u ? 1e5 : u_reachPixels;
    for (int e = 0; e < group.edgeCount; ++e) {
        uvec4 edge = pageTexel(group.edges + e);
        vec2 a = unpackedPoint(edge.x) - group.point;
        vec2 along = unpackedPoint(edge.y) - group.point - a;
        if ((a.y <= 0.0) != (a.y + along.y <= 0.0) &&
            (a.x * along.y - a.y * along.x) * along.y < 0.0) {
            inside ^= edge.z;
        }
        float before = nearest.squared;
        float squared = nearerEdge(nearest, edge, group.point, group.toPixels);
        nearestMask = squared < before ? edge.z : nearestMask;
        near |= squared < reach * reach ? edge.z : 0u;
    }
    inside &= header.w;
    for (uint drawn = inside | near; drawn != 0u; drawn &= drawn - 1u) {
        int number = lowestBit(drawn);
        uint bit = 1u << uint(number);
        DrapeNearest own = (near & bit) != 0u ? nearest : kNowhere;
        if ((near & bit & ~nearestMask) != 0u) {
            own = kNowhere;
            for (int e = 0; e < group.edgeCount; ++e) {
                uvec4 edge = pageTexel(group.edges + e);
                if ((edge.z & bit) != 0u) {
                    nearerEdge(own, edge, group.point, group.toPixels);
                }
            }
        }
        colour = paintFeature(colour, number, own, (inside & bit) != 0u, group, pixel);
    }
    return colour;
}

vec4 paintCell(vec4 colour, int page, int at, vec2 inCell, float cellMetres, DrapePixel pixel) {
    bool isLast = false;
    while (!isLast) {
        uvec4 header = pageTexel(at);
        isLast = (header.x & 256u) != 0u;
        int count = int(header.x & 255u);
        if ((header.x & 1024u) != 0u) {
            colour = paintShares(colour, at + 1, count, inCell, pixel);
            at += 1 + 2 * count;
            continue;
        }
        float unit = uintBitsToFloat(header.z);
        DrapeGroup group;
        group.page = page;
        group.features = at + 1;
        group.edges = group.features + (count + 3) / 4;
        group.edgeCount = int(header.x >> 12u);
        group.point = (inCell - 0.5) * (cellMetres / unit);
        group.toPixels = pixel.toPixels * unit;
        group.pad = 0.25 * cellMetres;
        colour = paintGroup(colour, header, group, pixel);
        at = group.edges + group.edgeCount;
    }
    return colour;
}

/// The cell that a point lies in, of the finest page that suits or the next coarser one that is
/// there.
struct DrapeCell {
    int page;  // first texel; -1: no page is there
    int group; // first texel; 0: nothing is there
    vec2 place; // in the cell, 0 to 1
    float metres;
};

int drapeLevel(float metresPerPixel) {
    return clamp(int(ceil(log2(metresPerPixel / kFinestMetres))), 0, kLevels - 1);
}

DrapeCell findCell(vec2 point, int level) {
    for (; level < kLevels; ++level) {
        float cellMetres = 16.0 * kFinestMetres * float(1 << level);
        vec2 cell = u_eyeCells[level] + point / cellMetres;
        vec2 pages = floor(cell / 16.0);
        ivec2 key = u_eyePage[level] + ivec2(pages);
        ivec2 slot = key & (kTableAcross - 1);
        uvec2 entry = texelFetch(u_pageTable, ivec2(slot.x, slot.y + kTableAcross * level), 0).rg;
        if (entry.x == 0u || entry.y != (uint(key.x & 0xFFFF) | uint(key.y) << 16u)) {
            continue;
        }
        if (entry.x == kEmptyPage) {
            return DrapeCell(0, 0, vec2(0.0), 1.0);
        }
        cell -= pages * 16.0;
        ivec2 place = clamp(ivec2(cell), ivec2(0), ivec2(15));
        int number = place.y * 16 + place.x;
        int page = int(entry.x);
        int group = int(pageTexel(page + number / 4)[number % 4]);
        return DrapeCell(page, group == 0 ? 0 : page + group, cell - vec2(place), cellMetres);
    }
    return DrapeCell(-1, 0, vec2(0.0), 1.0);
}

vec4 drape(DrapePixel pixel) {
    DrapeCell cell = findCell(pixel.point, drapeLevel(pixel.metres * u_levelScale));
    return cell.group == 0 ? vec4(0.0)
                           : paintCell(vec4(0.0), cell.page, cell.group, cell.place, cell.metres, pixel);
}
