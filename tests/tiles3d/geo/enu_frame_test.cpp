#include "tiles3d/geo/enu_frame.h"

#include <glm/geometric.hpp>
#include <glm/matrix.hpp>
#include <gtest/gtest.h>

#include <random>

namespace tiles3d::geo {
namespace {

Cartographic place(double longitude, double latitude, double heightMetres) {
    return {Angle::degrees(longitude), Angle::degrees(latitude), heightMetres};
}

TEST(EnuFrame, knownPlaces) {
    // echo "LON LAT HEIGHT" | cct -d 5 +proj=pipeline +step +proj=unitconvert +xy_in=deg +z_in=m
    //   +xy_out=rad +z_out=m +step +proj=cart +ellps=WGS84 +step +proj=topocentric +ellps=WGS84
    //   +lon_0=118.1 +lat_0=24.48 +h_0=12   (PROJ 9.1.1)
    const EnuFrame frame(place(118.1, 24.48, 12));
    const auto enu = [&](const Cartographic& at) { return frame.fromEcef(toEcef(at)).metres; };
    EXPECT_LT(
        glm::distance(enu(place(118.11, 24.485, 57)), glm::dvec3(1013.67711, 553.86783, 44.89533)),
        2e-5);
    EXPECT_LT(glm::distance(enu(place(118.05, 24.40, -20)),
                            glm::dvec3(-5071.72342, -8860.22159, -40.20026)),
              2e-5);
    EXPECT_EQ(enu(frame.origin()), glm::dvec3(0.0));
}

TEST(EnuFrame, axesAreEastNorthUp) {
    const EnuFrame frame(place(-70.5, -33.9, 5000));
    const glm::dmat4& m = frame.toEcefMatrix();
    EXPECT_EQ(m[0].z, 0.0) << "east is level with the equator";
    EXPECT_GT(m[1].z, 0.0) << "north points to the north pole";
    EXPECT_LT(glm::distance(glm::dvec3(m[2]), surfaceNormal(frame.origin())), 1e-15);
    EXPECT_NEAR(glm::determinant(glm::dmat3(m)), 1.0, 1e-15);
    EXPECT_EQ(glm::dvec3(m[3]), toEcef(frame.origin()).metres);
}

TEST(EnuFrame, thereAndBackAgain) {
    constexpr unsigned kSeed = 21;
    std::mt19937_64 random(kSeed);
    std::uniform_real_distribution<double> metres(-3e4, 3e4);
    for (const double latitude : {-90.0, -12.0, 0.0, 24.48, 90.0}) {
        const EnuFrame frame(place(118.1, latitude, 12));
        const glm::dmat4 identity = frame.toEcefMatrix() * frame.fromEcefMatrix();
        for (int column = 0; column < 4; ++column) {
            const glm::dvec4 expected = glm::dmat4(1.0)[column];
            EXPECT_LT(glm::distance(identity[column], expected), 1e-8);
        }
        for (int round = 0; round < 200; ++round) {
            const EnuPoint start{{metres(random), metres(random), metres(random)}};
            const EnuPoint back = frame.fromEcef(frame.toEcef(start));
            EXPECT_LT(glm::distance(back.metres, start.metres), 5e-9)
                << "seed " << kSeed << " latitude " << latitude;
        }
    }
}

} // namespace
} // namespace tiles3d::geo
