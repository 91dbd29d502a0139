#include "pipeline/sample/planning_load_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <tuple>

namespace pipeline::sample {

namespace {

/// Subjects of one shape in a category; those of bulky shapes stand with most features first.
struct Group {
    const char* category;
    LoadShape shape;
    bool isBulky;
    std::vector<const char*> names;
};

std::vector<Group> controlGroups() {
    using enum LoadShape;
    return {{"control", Parcels, false, {"永久基本农田", "用地红线"}},
            {"control",
             Zones,
             false,
             {"生态保护红线",
              "城镇开发边界",
              "城市绿线",
              "城市蓝线",
              "城市紫线",
              "城市黄线",
              "历史文化保护线",
              "洪涝风险控制线",
              "矿产资源控制线",
              "自然保护地核心区",
              "自然保护地一般控制区",
              "饮用水源一级保护区",
              "饮用水源二级保护区",
              "饮用水源准保护区",
              "机场净空控制区",
              "村庄建设边界"}},
            {"control",
             Lines,
             false,
             {"道路红线",
              "建筑控制线",
              "海岸线",
              "海岸建筑后退线",
              "高压走廊控制线",
              "轨道交通控制线"}}};
}

std::vector<Group> planningGroups() {
    using enum LoadShape;
    return {{"planning", Parcels, true, {"控规地块"}},
            {"planning", Parcels, false, {"国土空间规划分区", "规划用地用海", "村庄规划地类图斑"}},
            {"planning", Districts, false, {"规划单元"}},
            {"planning", Zones, false, {"规划绿地", "规划水系", "城市设计控制区"}},
            {"planning",
             Lines,
             false,
             {"规划道路中心线",
              "综合交通规划线",
              "给水管线规划",
              "排水管线规划",
              "电力线路规划",
              "燃气管线规划",
              "通信管线规划",
              "综合管廊规划"}},
            {"planning",
             Points,
             false,
             {"公共服务设施点",
              "市政设施点",
              "教育设施布点",
              "医疗设施布点",
              "养老设施布点",
              "停车场规划"}}};
}

std::vector<Group> existingGroups() {
    using enum LoadShape;
    return {{"existing", Parcels, true, {"地籍宗地", "三调地类图斑"}},
            {"existing", Footprints, true, {"房屋建筑面"}},
            {"existing", Points, true, {"地名地址"}},
            {"existing", Footprints, false, {"农房"}},
            {"existing", Districts, false, {"行政区", "街道界", "社区界"}},
            {"existing", Zones, false, {"道路面", "水系面", "现状绿地", "违法图斑", "卫片图斑"}},
            {"existing", Lines, false, {"道路中心线", "水系线", "等高线"}},
            {"existing",
             Points,
             false,
             {"兴趣点", "管线检查井", "路灯", "行道树", "公交站", "地质灾害点"}}};
}

std::vector<Group> approvalGroups() {
    using enum LoadShape;
    return {
        {"approval", Parcels, false, {"土地供应", "建设用地规划许可", "规划条件", "不动产登记"}},
        {"approval", Footprints, false, {"建设工程规划许可", "总平面图", "竣工核实"}},
        {"approval",
         Zones,
         false,
         {"规划选址",
          "用地预审",
          "农转用",
          "土地征收",
          "土地储备",
          "临时用地",
          "设施农用地",
          "增减挂钩",
          "占补平衡",
          "采矿权",
          "探矿权",
          "用海审批"}},
        {"approval", Lines, false, {"施工放线"}}};
}

std::vector<Group> resourceGroups() {
    using enum LoadShape;
    return {{"resource", Parcels, true, {"森林资源小班"}},
            {"resource", Parcels, false, {"林地保护等级", "耕地质量等别"}},
            {"resource", Districts, false, {"地下水分区", "水资源分区"}},
            {"resource",
             Zones,
             false,
             {"公益林",
              "湿地",
              "耕地后备资源",
              "高标准农田",
              "粮食生产功能区",
              "海域使用",
              "海岛",
              "滩涂",
              "野生动物栖息地",
              "草地资源",
              "自然保护区",
              "生态修复工程"}},
            {"resource", Points, false, {"古树名木", "矿产地", "地质遗迹"}}};
}

std::vector<LoadSubject> allSubjects() {
    std::vector<LoadSubject> subjects;
    for (const auto& groups : {controlGroups(),
                               planningGroups(),
                               existingGroups(),
                               approvalGroups(),
                               resourceGroups()}) {
        for (const Group& group : groups) {
            for (const char* name : group.names) {
                subjects.push_back({group.category, name, group.shape, group.isBulky});
            }
        }
    }
    return subjects;
}

/// Gives all layers but districts their features, rank by rank, `features` in all.
void share(LoadPlan& plan, std::size_t features) {
    constexpr double kUnevenness = 1.2;
    std::vector<std::size_t> byRank;
    for (std::size_t i = 0; i < plan.layers.size(); ++i) {
        if (plan.layers[i].shape != LoadShape::Districts) {
            byRank.push_back(i);
        }
    }
    std::ranges::stable_sort(byRank, std::ranges::less(), [&plan](std::size_t i) {
        return std::pair(!plan.subjects[plan.layers[i].subject].isBulky, -plan.layers[i].year);
    });
    double weights = 0.0;
    for (std::size_t rank = 1; rank <= byRank.size(); ++rank) {
        weights += std::pow(static_cast<double>(rank), -kUnevenness);
    }
    std::size_t left = features;
    for (std::size_t rank = byRank.size(); rank > 0; --rank) {
        const double part = std::pow(static_cast<double>(rank), -kUnevenness) / weights;
        const std::size_t most = left - (rank - 1); // one for each before it
        const auto wanted = static_cast<std::size_t>(part * static_cast<double>(features));
        const std::size_t count = rank == 1 ? left : std::clamp(wanted, std::size_t{1}, most);
        plan.layers[byRank[rank - 1]].features = count;
        left -= count;
    }
}

} // namespace

LoadPlan planLoad(std::size_t features, std::size_t layers) {
    constexpr std::size_t kStep = 37; // through the subjects, so that few layers are of all kinds
    constexpr int kNewest = 2024;
    constexpr std::size_t kDistricts = 12;
    constexpr std::size_t kFullLoad = 500'000;
    LoadPlan plan{.subjects = allSubjects()};
    std::size_t districts = 0;
    for (std::size_t i = 0; i < layers; ++i) {
        LoadLayer layer;
        layer.subject = i * kStep % plan.subjects.size();
        const LoadSubject& subject = plan.subjects[layer.subject];
        layer.year = kNewest - static_cast<int>(i / plan.subjects.size());
        layer.name = subject.name + fmt::format("_{}", layer.year);
        layer.shape = subject.shape;
        if (layer.shape == LoadShape::Districts) {
            layer.features = kDistricts;
            layer.pointsPerEdge = features >= kFullLoad ? 2500 : 100;
            districts += kDistricts;
        }
        plan.layers.push_back(std::move(layer));
    }
    share(plan, features - districts);
    return plan;
}

} // namespace pipeline::sample
