// The drape: looks a point of the plane up in the index of drape_index.h and paints what it finds.
// Included by every pass that drapes; lookUp() in drape_index.cpp is the same in C++.

uniform usampler2D u_index;
uniform int u_levelCount;
uniform vec4 u_levels[4];      // cell metres, pad metres, most metres per pixel, -
uniform ivec4 u_levelTables[4]; // first texel of the page table, pages east, pages north, -
uniform sampler2D u_layerOpacity; // kLayersAcross wide: 0 hides a layer

uvec4 drapeTexel(int at) { return texelFetch(u_index, ivec2(at & 4095, at >> 12), 0); }
vec4 drapeEdge(int at) { return uintBitsToFloat(drapeTexel(at)); }

float layerOpacity(int style) {
    int layer = int(drapeTexel(style * 5 + 4).z);
    int across = textureSize(u_layerOpacity, 0).x;
    return texelFetch(u_layerOpacity, ivec2(layer % across, layer / across), 0).r;
}

/// A pixel's footprint on the plane.
struct DrapePixel {
    vec2 point;    // relative to the index's anchor
    mat2 toPlane;  // metres on the plane by one pixel to the right and one up
    mat2 toPixels; // its inverse
    float metres;  // per pixel, the larger step
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

float hatchCover(vec4 hatch, DrapePixel pixel) {
    vec2 across = hatch.xy;
    float period = snappedPeriod(hatch.z, pixel.metres);
    float at = abs(fract(dot(pixel.point, across) / period) - 0.5) * period; // from the gap's middle
    float edge = period * 0.32; // about a third is stripe
    float scale = length(vec2(dot(pixel.toPlane[0], across), dot(pixel.toPlane[1], across)));
    return clamp(0.5 + (at - edge) / max(scale, 1e-3 * pixel.metres), 0.0, 1.0);
}

/// Nearest point of a record's edges, as the picture sees it: on a slanted surface another one than
/// on the plane. Offsets in pixels.
struct DrapeNearest {
    float squared;
    vec2 offset;
    vec2 along; // the whole edge
    float share; // of the edge before the point
    float arc;   // metres of line before the edge
};

void nearerEdge(inout DrapeNearest nearest, vec4 edge, float arc, vec2 p, mat2 toPixels) {
    vec2 from = toPixels * (edge.xy - p);
    vec2 along = toPixels * (edge.zw - edge.xy);
    float share = clamp(-dot(from, along) / max(dot(along, along), 1e-12), 0.0, 1.0);
    vec2 offset = from + along * share;
    float squared = dot(offset, offset);
    if (squared < nearest.squared) {
        nearest = DrapeNearest(squared, offset, along, share, arc);
    }
}

/// Unit vector across the line in the picture.
vec2 acrossLine(DrapeNearest nearest) {
    bool isOnLine = nearest.squared < 1e-6;
    vec2 across = isOnLine ? vec2(-nearest.along.y, nearest.along.x) : nearest.offset;
    return across / max(length(across), 1e-6);
}

float dashCover(vec4 dash, DrapeNearest nearest, DrapePixel pixel) {
    float whole = dash.x + dash.y;
    float period = snappedPeriod(whole, pixel.metres);
    float drawn = period * dash.x / whole;
    float edgeMetres = length(pixel.toPlane * nearest.along);
    float at = abs(mod(nearest.arc + nearest.share * edgeMetres, period) - 0.5 * drawn);
    float scale = edgeMetres / max(length(nearest.along), 1e-6); // metres per pixel
    return clamp(0.5 + (0.5 * drawn - at) / max(scale, 1e-3 * pixel.metres), 0.0, 1.0);
}

bool crossesWestOf(vec4 edge, vec2 p) {
    if ((edge.y <= p.y) == (edge.w <= p.y)) {
        return false;
    }
    return edge.x + (p.y - edge.y) * (edge.z - edge.x) / (edge.w - edge.y) < p.x;
}

vec3 over(vec3 below, vec3 colour, float alpha) { return mix(below, colour, clamp(alpha, 0.0, 1.0)); }

/// How a record is painted.
struct DrapeRecord {
    int style;
    float opacity; // of its layer
    float width; // metres; of a surface that must not drown in its own outline
    bool isInside;
};

/// One record painted over `colour`.
vec3 paintRecord(vec3 colour, DrapeRecord record, DrapeNearest nearest, float pad,
                 DrapePixel pixel) {
    int row = record.style * 5;
    vec4 fill = drapeEdge(row);
    vec4 line = drapeEdge(row + 1);
    vec4 casing = drapeEdge(row + 2);
    vec4 hatch = drapeEdge(row + 3);
    vec4 dash = drapeEdge(row + 4);
    float strength = mix(hatch.w, 1.0, pixel.upness) * record.opacity;
    bool hasEdge = nearest.squared < 1e29;
    float toEdge = hasEdge ? sqrt(nearest.squared) : 1e6; // pixels
    float cover = clamp(0.5 + (record.isInside ? toEdge : -toEdge), 0.0, 1.0);
    if (fill.a > 0.0 && cover > 0.0) {
        float stripes = hatch.z > 0.0 ? hatchCover(hatch, pixel) : 1.0;
        // Narrower than a pixel a surface is left out, as the next level does.
        float seen = smoothstep(1.0, 2.0, record.width / pixel.metres);
        colour = over(colour, fill.rgb, fill.a * cover * stripes * strength * seen);
    }
    if (hasEdge && line.a > 0.0) {
        float halfLine = 0.5 * line.a;
        float metresAcross = length(pixel.toPlane * acrossLine(nearest)); // per pixel
        float reach = (halfLine + casing.a) * metresAcross;
        // Beyond the pad edges are not listed: fade instead of cutting off at cell borders.
        float fade = clamp(2.0 - 2.0 * reach / pad, 0.0, 1.0);
        fade *= strength * smoothstep(0.75, 1.5, record.width / (2.0 * reach));
        float drawn = dash.x > 0.0 ? dashCover(dash, nearest, pixel) : 1.0;
        float outer = clamp(0.5 + halfLine + casing.a - toEdge, 0.0, 1.0);
        float inner = clamp(0.5 + halfLine - toEdge, 0.0, 1.0);
        colour = over(colour, casing.rgb, 0.55 * outer * fade * drawn);
        colour = over(colour, line.rgb, inner * fade * drawn);
    }
    return colour;
}

/// The first level that is fine enough for the pixel.
int drapeLevel(float metresPerPixel) {
    for (int level = 0; level < u_levelCount - 1; ++level) {
        if (metresPerPixel <= u_levels[level].z) {
            return level;
        }
    }
    return u_levelCount - 1;
}

vec3 drape(vec3 colour, DrapePixel pixel) {
    int level = drapeLevel(pixel.metres);
    float cellMetres = u_levels[level].x;
    ivec4 table = u_levelTables[level];
    ivec2 cell = ivec2(floor(pixel.point / cellMetres));
    if (any(lessThan(cell, ivec2(0))) || any(greaterThanEqual(cell, table.yz * 16))) {
        return colour;
    }
    ivec2 page = cell / 16;
    int number = page.y * table.y + page.x;
    int start = int(drapeTexel(table.x + number / 4)[number % 4]);
    if (start == 0) {
        return colour;
    }
    ivec2 inside = cell - page * 16;
    int slot = inside.y * 16 + inside.x;
    uvec4 pair = drapeTexel(start + slot / 2);
    int at = int(slot % 2 == 0 ? pair.x : pair.z);
    int count = int(slot % 2 == 0 ? pair.y : pair.w);
    vec2 p = pixel.point - vec2(page) * (cellMetres * 16.0);
    for (int i = 0; i < count; ++i) {
        uvec4 header = drapeTexel(at++);
        bool isDashed = (header.x & 0x08000000u) != 0u;
        bool isInside = (header.x >> 28u) == 1u;
        int style = int(header.x & 0x07FFFFFFu);
        float opacity = layerOpacity(style);
        if (opacity <= 0.0) {
            at += int(header.y + header.z * (isDashed ? 2u : 1u));
            continue;
        }
        for (uint e = 0u; e < header.y; ++e) {
            isInside = isInside != crossesWestOf(drapeEdge(at++), p);
        }
        DrapeNearest nearest = DrapeNearest(1e30, vec2(1.0, 0.0), vec2(0.0, 1.0), 0.0, 0.0);
        for (uint e = 0u; e < header.z; ++e) {
            vec4 edge = drapeEdge(at++);
            float arc = 0.0;
            if (isDashed) {
                arc = drapeEdge(at++).x;
            }
            nearerEdge(nearest, edge, arc, p, pixel.toPixels);
        }
        DrapeRecord record =
            DrapeRecord(style, opacity, uintBitsToFloat(header.w), isInside);
        colour = paintRecord(colour, record, nearest, u_levels[level].y, pixel);
    }
    return colour;
}
