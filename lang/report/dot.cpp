#include "lang/report/dot.h"

#include "tensor/op.h"

namespace weft::report {

namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  /// `scope` keeps the nodes of nested bodies apart.
  void graph(const Graph& g, const std::string& scope, const std::string& indent) {
    const AxisTable& axes = g.axes();
    for (NodeId id = 0; id < g.size(); ++id) {
      const Node& node = g[id];
      const std::string me = scope + std::to_string(id);
      std::string label(op(node.op).name);
      if (!node.attributes.axes.empty()) {
        label += "[";
        for (std::size_t i = 0; i < node.attributes.axes.size(); ++i) {
          label += (i ? ", " : "") + axes.name(node.attributes.axes[i]);
        }
        label += "]";
      }
      const ScanBody* body = node.attributes.body.get();
      if (!body) label += " : " + describe_with_extents(node.type, axes);
      const bool leaf = op(node.op).kind == OpKind::leaf;
      out_ += indent + quoted(me) + " [label=" + quoted(label) + (leaf ? ", style=rounded" : "") + "];\n";
      for (const NodeId from : node.inputs) {
        out_ += indent + quoted(scope + std::to_string(from)) + " -> " + quoted(me) + ";\n";
      }
      if (!body) continue;
      out_ += indent + "subgraph " + quoted("cluster_" + me) + " {\n";
      out_ += indent + "  label=" + quoted("scan[" + axes.name(body->axis.axis) + "]") + ";\n";
      graph(body->graph, me + ".", indent + "  ");
      out_ += indent + "}\n";
      for (const NodeId n : body->next) {
        out_ += indent + quoted(me + "." + std::to_string(n)) + " -> " + quoted(me) + " [style=dashed];\n";
      }
      for (const NodeId n : body->stacked) {
        out_ += indent + quoted(me + "." + std::to_string(n)) + " -> " + quoted(me) + ";\n";
      }
    }
  }

 private:
  std::string& out_;
};

}  // namespace

std::string dot(const std::string& title, const Graph& graph) {
  std::string out = "digraph " + quoted(title) + " {\n  label=" + quoted(title) + ";\n  node [shape=box];\n";
  Writer(out).graph(graph, "", "  ");
  return out + "}\n";
}

}  // namespace weft::report
