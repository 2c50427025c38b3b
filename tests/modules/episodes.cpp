#include "modules/rl/episodes.h"
#include "tests/catch2.h"

using namespace weft::rl;

namespace {

/// Once up, eleven times right, then down: the shortest way along the cliff.
std::int32_t along_the_cliff(std::int32_t state) {
  if (state == 36) return 0;
  return state % 12 == 11 ? 2 : 1;
}

/// All directions in turn.
Episodes::Policy wandering() {
  return [i = 0](std::int32_t) mutable { return std::int32_t{i++ % 4}; };
}

bool same(const Step& a, const Step& b) {
  return a.state == b.state && a.action == b.action && a.reward == b.reward && a.next_state == b.next_state &&
         a.next_action == b.next_action && a.continues == b.continues;
}

}  // namespace

TEST_CASE("episodes: as many as asked for, each from the start to the end") {
  Episodes walk(make_gridworld("cliff"), 3, 1000, 1);
  Step step;
  int steps = 0;
  while (walk.next(along_the_cliff, step)) {
    const bool first = steps % 13 == 0, last = steps % 13 == 12;
    CHECK((step.state == 36) == first);
    CHECK(step.continues == !last);
    CHECK(step.reward == -1);
    CHECK(step.next_action == along_the_cliff(step.next_state));
    ++steps;
    CHECK(walk.finished() == steps / 13);
  }
  CHECK(steps == 39);
  CHECK(walk.recent_return() == -13);
  CHECK(walk.recent_length() == 13);
}

TEST_CASE("episodes: the action announced is the one taken next") {
  Episodes walk(make_gridworld("cliff"), 1, 50, 1);
  const auto policy = wandering();
  Step step, before;
  REQUIRE(walk.next(policy, before));
  while (walk.next(policy, step)) {
    CHECK(step.action == before.next_action);
    CHECK(step.state == before.next_state);
    before = step;
  }
}

TEST_CASE("episodes: broken off at the limit") {
  Episodes walk(make_gridworld("cliff"), 2, 5, 1);
  Step step;
  int steps = 0;
  while (walk.next([](std::int32_t) { return std::int32_t{3}; }, step)) {
    CHECK(step.continues);  // what was broken off is not over
    ++steps;
  }
  CHECK(steps == 10);
  CHECK(walk.recent_length() == 5);
}

TEST_CASE("episodes: means over the latest hundred") {
  Episodes walk(make_gridworld("cliff"), 150, 1, 1);
  Step step;
  int asked = 0;
  // Two questions an episode; from the 26th on each falls off the cliff.
  const auto policy = [&asked](std::int32_t) { return std::int32_t{asked++ < 50 ? 0 : 1}; };
  while (walk.next(policy, step)) {
  }
  CHECK(walk.finished() == 150);
  CHECK(walk.recent_return() == -100);
}

TEST_CASE("episodes: go on from a cursor as if never stopped") {
  const auto world = make_gridworld("frozen_lake");
  const auto policy = [](std::int32_t state) { return state % 4; };
  Episodes whole(world, 200, 100, 7);
  Step step;
  for (int i = 0; i < 333; ++i) REQUIRE(whole.next(policy, step));

  Episodes resumed(world, 200, 100, 7);
  REQUIRE(resumed.resume(whole.cursor()));
  Step other;
  while (whole.next(policy, step)) {
    REQUIRE(resumed.next(policy, other));
    CHECK(same(step, other));
  }
  CHECK_FALSE(resumed.next(policy, other));
  CHECK(resumed.recent_return() == whole.recent_return());
  CHECK(resumed.recent_length() == whole.recent_length());
}

TEST_CASE("episodes: what is no cursor is refused") {
  Episodes walk(make_gridworld("cliff"), 2, 5, 1);
  auto good = walk.cursor();
  CHECK(walk.resume(good));
  CHECK_FALSE(walk.resume({}));
  for (const std::size_t i : {0, 3, 4}) {
    auto bad = good;
    bad[i] = 1000;
    CHECK_FALSE(walk.resume(bad));
  }
  good.push_back(1);
  CHECK_FALSE(walk.resume(good));
}
