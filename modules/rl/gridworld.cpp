#include <algorithm>
#include <array>
#include <cstddef>

#include "modules/rl/world.h"

namespace weft::rl {

namespace {

/// A grid world as it is written down. Cells: S start, G goal, C cliff, H hole, any other free.
struct Map {
  std::string_view name;
  std::vector<std::string_view> rows;
  double step_reward = 0;
  double goal_reward = 0;  // instead of step_reward, on the step that reaches the goal
  double cliff_reward = 0;
  std::vector<int> wind{};  // by column: rows one is pushed up when leaving it; empty: none
  double slip = 0;          // probability to move to either side of the direction chosen
};

const std::vector<Map>& maps() {
  static const std::vector<Map> all = {
      {"cliff", {"............", "............", "............", "SCCCCCCCCCCG"}, -1, -1, -100},
      {"windy",
       {"..........", "..........", "..........", "S......G..", "..........", "..........", ".........."},
       -1,
       -1,
       0,
       {0, 0, 0, 1, 1, 1, 2, 2, 1, 0}},
      {"frozen_lake", {"S...", ".H.H", "...H", "H..G"}, 0, 1, 0, {}, 1.0 / 3},
  };
  return all;
}

constexpr int kActions = 4;  // up, right, down, left
constexpr std::array<int, kActions> kDown = {-1, 0, 1, 0};
constexpr std::array<int, kActions> kRight = {0, 1, 0, -1};

class GridWorld : public World {
 public:
  explicit GridWorld(const Map& map)
      : map_(map),
        rows_(static_cast<int>(map.rows.size())),
        columns_(static_cast<int>(map.rows[0].size())),
        actions_{"up", "right", "down", "left"} {
    for (int r = 0; r < rows_; ++r) {
      for (int c = 0; c < columns_; ++c) {
        states_.push_back("r" + std::to_string(r) + "c" + std::to_string(c));
        if (cell(r, c) == 'S') start_ = r * columns_ + c;
      }
    }
  }

  const std::vector<std::string>& states() const override { return states_; }
  const std::vector<std::string>& actions() const override { return actions_; }
  std::int32_t start() const override { return start_; }

  Transition step(std::int32_t state, std::int32_t action, double chance) const override {
    int direction = action;
    if (chance < map_.slip) {
      direction = (action + 1) % kActions;
    } else if (chance < 2 * map_.slip) {
      direction = (action + kActions - 1) % kActions;
    }
    const int row = state / columns_, column = state % columns_;
    const int wind = map_.wind.empty() ? 0 : map_.wind[static_cast<std::size_t>(column)];
    const auto d = static_cast<std::size_t>(direction);
    const int to_row = std::clamp(row + kDown[d] - wind, 0, rows_ - 1);
    const int to_column = std::clamp(column + kRight[d], 0, columns_ - 1);
    switch (cell(to_row, to_column)) {
      case 'G':
        return {to_row * columns_ + to_column, map_.goal_reward, false};
      case 'H':
        return {to_row * columns_ + to_column, map_.step_reward, false};
      case 'C':
        return {start_, map_.cliff_reward, true};
      default:
        return {to_row * columns_ + to_column, map_.step_reward, true};
    }
  }

 private:
  char cell(int row, int column) const {
    return map_.rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
  }

  const Map& map_;
  int rows_, columns_;
  std::vector<std::string> states_, actions_;
  std::int32_t start_ = 0;
};

}  // namespace

std::shared_ptr<const World> make_gridworld(std::string_view name) {
  const auto& all = maps();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Map& m) { return m.name == name; });
  return found == all.end() ? nullptr : std::make_shared<GridWorld>(*found);
}

std::vector<std::string> gridworld_names() {
  std::vector<std::string> names;
  for (const Map& m : maps()) names.emplace_back(m.name);
  return names;
}

}  // namespace weft::rl
