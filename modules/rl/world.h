#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weft::rl {

/// What an action led to.
struct Transition {
  std::int32_t state = 0;  // the next one
  double reward = 0;
  bool continues = true;  // false: the episode is over
};

/// A finite Markov decision process (Sutton and Barto 2018, chapter 3). It keeps no state of its own: whoever
/// walks it does.
class World {
 public:
  virtual ~World() = default;
  virtual const std::vector<std::string>& states() const = 0;
  virtual const std::vector<std::string>& actions() const = 0;
  virtual std::int32_t start() const = 0;
  /// Takes an action. `chance` is uniform in [0, 1): what the world leaves to luck depends on it alone.
  virtual Transition step(std::int32_t state, std::int32_t action, double chance) const = 0;
};

/// The grid worlds by name:
///   cliff        4 x 12, -1 a step; the cliff costs 100 and puts back to the start (Sutton and Barto 2018,
///                example 6.6)
///   windy        7 x 10, -1 a step, a wind that pushes upwards in the middle columns (same book, example
///                6.5)
///   frozen_lake  4 x 4, 1 at the goal, holes end the episode, and two moves of three slip to a side
///                (Brockman et al. 2016, OpenAI Gym)
/// States are the cells, "r0c0" the upper left one; actions are up, right, down and left; a move off the
/// grid leaves one where one is. nullptr for another name.
std::shared_ptr<const World> make_gridworld(std::string_view name);
std::vector<std::string> gridworld_names();

}  // namespace weft::rl
