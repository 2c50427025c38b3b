#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lang/program.h"
#include "lang/report/extents.h"

/// Graphs as they are between the passes, for `weft explain --graph` and `--after`.
namespace weft::report {

/// Text is tensor's own listing, dot what Graphviz draws.
enum class GraphForm : std::uint8_t { text, dot };

struct Pass {
  std::string name;
  std::string what;
};
/// The passes in the order they come in.
const std::vector<Pass>& passes();

/// Graphs seen while a program was checked: what Elaborator::set_pass_observer tells goes to `keep`.
class PassLog {
 public:
  explicit PassLog(std::string pass, GraphForm form) : pass_(std::move(pass)), form_(form) {}
  void keep(const std::string& training, const std::string& pass, const Graph& graph);

  /// The graphs of all trainings after the pass; of those passes that come after checking, from the program.
  std::string text(const Program&, Extents, DType real) const;

 private:
  std::string pass_;
  GraphForm form_;
  std::string kept_;
  int count_ = 0;
  NodeId forward_ = 0;  // nodes before the gradient's, of the graph kept last
};

/// One graph with a title.
std::string graph_text(const std::string& title, const Graph&, GraphForm);

/// Every graph that a program runs: values, what is shown, trainings and their validations.
std::string all_graphs(const Program&, GraphForm);

}  // namespace weft::report
