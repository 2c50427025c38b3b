#include "lang/report/passes.h"

#include <optional>

#include "lang/report/dot.h"
#include "tensor/dump.h"
#include "tensor/passes/prepare.h"
#include "tensor/plan/cost.h"

namespace weft::report {

namespace {

const Training* training(const Action& a) {
  return std::get_if<Training>(&a);
}

std::optional<PlanPass> plan_pass(const std::string& name) {
  if (name == "fold") return PlanPass::fold;
  if (name == "share") return PlanPass::share;
  if (name == "fusion") return PlanPass::fusion;
  return std::nullopt;
}

}  // namespace

const std::vector<Pass>& passes() {
  static const std::vector<Pass> all = {
      {"hoist",
       "the step as it is written, with what loops needn't repeat in front of them, and the way back"},
      {"gradient", "and the gradient of the loss"},
      {"update", "and the optimizer's updates: the whole step"},
      {"accumulate", "the validation, parted into what is done for each batch and what for all of them"},
      {"fold", "the whole step as a plan takes it, with constants folded"},
      {"share",
       "what is equal computed once, what nobody asked for left out, attention and convolutions recognized"},
      {"fusion", "elementwise ops joined to go through memory once"},
      {"plan", "the kernel calls of a step and where in memory they work"},
  };
  return all;
}

void PassLog::keep(const std::string& name, const std::string& pass, const Graph& graph) {
  const bool back = pass_ == "hoist" && pass == "gradient";
  if (pass != pass_ && !back) return;
  const std::string title = "training " + name + ", after " + pass_;
  if (back) {
    // The loops of a gradient are parted when they are made: what follows the step itself is theirs.
    if (form_ == GraphForm::text) kept_ += "# " + title + ", on the way back\n" + dump_from(graph, forward_);
    return;
  }
  forward_ = graph.size();
  ++count_;
  kept_ += graph_text(count_ > 1 ? title + " (" + std::to_string(count_) + ")" : title, graph, form_);
}

std::string PassLog::text(const Program& program, Extents extents, DType real) const {
  if (pass_ == "hoist" || pass_ == "gradient") return kept_;
  std::string out;
  for (const Action& a : program.actions) {
    const Training* t = training(a);
    if (!t || !t->step.graph) continue;
    const std::string title = "training " + t->name + ", after " + pass_;
    if (pass_ == "update") {
      out += graph_text(title, *t->step.graph, form_);
      if (t->apply.graph) out += graph_text(title + ", once a group of batches", *t->apply.graph, form_);
      if (t->catch_up.graph)
        out += graph_text(title + ", before others read the model", *t->catch_up.graph, form_);
    } else if (pass_ == "accumulate" && t->validation && t->validation->metrics) {
      out += graph_text(title + ", for each batch", t->validation->metrics->batch, form_);
      out += graph_text(title + ", for all of them", t->validation->metrics->total, form_);
    } else if (const auto pass = plan_pass(pass_)) {
      bind_rest(*t->step.graph, extents);
      out += graph_text(title,
                        prepared(*t->step.graph, t->step.outputs, t->step.effects, extents.bindings,
                                 {real, Device::cpu}, *pass)
                            .graph,
                        form_);
    } else if (pass_ == "plan") {
      bind_rest(*t->step.graph, extents);
      out += "# " + title + "\n" +
             plan_listing(*t->step.graph, t->step.outputs, t->step.effects, extents.bindings,
                          {real, Device::cpu});
    }
  }
  return out;
}

std::string graph_text(const std::string& title, const Graph& graph, GraphForm form) {
  if (form == GraphForm::dot) return dot(title, graph);
  return "# " + title + "\n" + dump(graph);
}

std::string all_graphs(const Program& program, GraphForm form) {
  std::string out;
  const auto add = [&](const std::string& title, const Computation& c) {
    if (c.graph && c.graph->size() > 0) out += graph_text(title, *c.graph, form);
  };
  for (const Action& a : program.actions) {
    if (const auto* v = std::get_if<ComputeValues>(&a)) {
      std::string names;
      for (const VariableId id : v->targets) {
        names += (names.empty() ? "" : ", ") + program.variables[static_cast<std::size_t>(id)].name;
      }
      add("let " + names, v->computation);
    } else if (const auto* s = std::get_if<Show>(&a)) {
      for (const ShowItem& item : s->items) {
        if (const auto* c = std::get_if<Computation>(&item.value)) {
          add(item.name.empty() ? "show" : "show " + item.name, *c);
        }
      }
    } else if (const Training* t = training(a)) {
      add("training " + t->name + ", a step", t->step);
      add("training " + t->name + ", an update", t->apply);
      add("training " + t->name + ", before others read the model", t->catch_up);
      if (t->validation && t->validation->metrics) {
        out += graph_text("training " + t->name + ", a batch of its validation",
                          t->validation->metrics->batch, form);
      }
    }
  }
  return out;
}

}  // namespace weft::report
