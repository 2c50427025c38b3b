#include <algorithm>

#include "modules/rl/world.h"
#include "tests/catch2.h"

using namespace weft::rl;

namespace {

/// A world with its labels looked up.
struct Named {
  explicit Named(const char* name) : world(make_gridworld(name)) { REQUIRE(world); }

  static std::int32_t find(const std::vector<std::string>& all, const std::string& label) {
    const auto at = std::find(all.begin(), all.end(), label);
    REQUIRE(at != all.end());
    return static_cast<std::int32_t>(at - all.begin());
  }
  Transition from(const std::string& state, const std::string& action, double chance = 0.999) const {
    return world->step(find(world->states(), state), find(world->actions(), action), chance);
  }
  std::string name(std::int32_t state) const { return world->states()[static_cast<std::size_t>(state)]; }

  std::shared_ptr<const World> world;
};

}  // namespace

TEST_CASE("worlds: cliff") {
  const Named cliff("cliff");
  CHECK(cliff.world->states().size() == 48);
  CHECK(cliff.world->actions() == std::vector<std::string>{"up", "right", "down", "left"});
  CHECK(cliff.name(cliff.world->start()) == "r3c0");

  const Transition up = cliff.from("r3c0", "up");
  CHECK(cliff.name(up.state) == "r2c0");
  CHECK(up.reward == -1);
  CHECK(up.continues);
  // The cliff costs 100 and puts back to the start, and the episode goes on.
  for (const auto& [state, action] : {std::pair("r3c0", "right"), {"r2c1", "down"}, {"r2c10", "down"}}) {
    const Transition fall = cliff.from(state, action);
    CHECK(cliff.name(fall.state) == "r3c0");
    CHECK(fall.reward == -100);
    CHECK(fall.continues);
  }
  const Transition goal = cliff.from("r2c11", "down");
  CHECK(cliff.name(goal.state) == "r3c11");
  CHECK(goal.reward == -1);
  CHECK_FALSE(goal.continues);
  CHECK(cliff.name(cliff.from("r0c0", "up").state) == "r0c0");
  CHECK(cliff.name(cliff.from("r0c0", "left").state) == "r0c0");
  CHECK(cliff.name(cliff.from("r0c11", "right").state) == "r0c11");
}

TEST_CASE("worlds: windy") {
  const Named windy("windy");
  CHECK(windy.world->states().size() == 70);
  CHECK(windy.name(windy.world->start()) == "r3c0");
  CHECK(windy.name(windy.from("r3c0", "right").state) == "r3c1");
  CHECK(windy.name(windy.from("r3c3", "right").state) == "r2c4");  // the wind of the column that is left
  CHECK(windy.name(windy.from("r3c6", "right").state) == "r1c7");
  CHECK(windy.name(windy.from("r1c6", "up").state) == "r0c6");
  const Transition goal = windy.from("r4c8", "left");
  CHECK(windy.name(goal.state) == "r3c7");
  CHECK_FALSE(goal.continues);

  // The shortest way takes 15 steps: right 9 times, down 4 times, left twice.
  std::int32_t state = windy.world->start();
  Transition last;
  int steps = 0;
  for (const char* action : {"right", "right", "right", "right", "right", "right", "right", "right", "right",
                             "down", "down", "down", "down", "left", "left"}) {
    last = windy.from(windy.name(state), action);
    state = last.state;
    ++steps;
    CHECK(last.continues == (steps < 15));
  }
}

TEST_CASE("worlds: frozen lake") {
  const Named lake("frozen_lake");
  CHECK(lake.world->states().size() == 16);
  // A third each: to the right of the direction chosen, to the left of it, and as chosen.
  CHECK(lake.name(lake.from("r2c1", "up", 0.1).state) == "r2c2");
  CHECK(lake.name(lake.from("r2c1", "up", 0.5).state) == "r2c0");
  CHECK(lake.name(lake.from("r2c1", "up", 0.9).state) == "r1c1");
  const Transition hole = lake.from("r2c1", "up", 0.9);
  CHECK(hole.reward == 0);
  CHECK_FALSE(hole.continues);
  const Transition goal = lake.from("r3c2", "right", 0.9);
  CHECK(goal.reward == 1);
  CHECK_FALSE(goal.continues);
}

TEST_CASE("worlds: by name") {
  for (const std::string& name : gridworld_names()) CHECK(make_gridworld(name));
  CHECK_FALSE(make_gridworld("clif"));
}
