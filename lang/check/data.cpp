#include <algorithm>

#include "lang/check/elaborator.h"
#include "lang/check/suggest.h"

/// `data`: a corpus by its schema, not yet opened.
namespace weft::check {

namespace {

/// A reader with its axes as they may be written: "lines[B: 32, T: 35]".
std::string example(const corpora::ReaderSchema& schema) {
  std::string text = schema.name;
  for (std::size_t i = 0; i < schema.axes.size(); ++i) {
    text += i == 0 ? "[" : ", ";
    text += static_cast<char>(schema.axes[i][0] - 'a' + 'A');
    text += i == 0 ? ": 32" : ": 35";
  }
  return text + "]";
}

}  // namespace

void Elaborator::read(const ast::DataDecl& d) {
  const auto give_up = [&] { declare(d.name, Poison{}); };
  const auto* p = std::get_if<ast::Postfix>(&d.value->form);
  const auto* reader = p ? std::get_if<ast::Reference>(&p->base->form) : nullptr;
  const auto* brackets =
      reader && p->suffixes.size() == 2 ? std::get_if<ast::AxisList>(&p->suffixes[0].form) : nullptr;
  const auto* arguments = brackets ? std::get_if<ast::Call>(&p->suffixes[1].form) : nullptr;
  if (!arguments) {
    const auto* called = reader ? corpora::find_reader(reader->name.text) : nullptr;
    const std::string name = called ? called->name : "lines",
                      help = "write data " + d.name.text + " = " + example(*corpora::find_reader(name));
    fail(called ? code::axes_needed : code::not_a_reader, d.value->span,
         called ? "reader `" + name + "` takes the axes of a batch" : "data comes from a reader",
         called ? "no axes" : "not a reader's call", help + "(\"file\")");
    return give_up();
  }
  const corpora::ReaderSchema* schema = corpora::find_reader(reader->name.text);
  if (!schema) {
    std::vector<std::string> names;
    for (const corpora::ReaderSchema& r : corpora::readers()) names.push_back(r.name);
    const std::string near = nearest(reader->name.text, names);
    fail(code::unknown_reader, reader->name.span, "there is no reader `" + reader->name.text + "`",
         "not a reader", near.empty() ? "the readers are " + listed(names) : "did you mean `" + near + "`?",
         {}, replaced(reader->name.span, near));
    return give_up();
  }

  DataSource source;
  source.name = model_files_.prefix() + d.name.text;
  source.schema = schema;
  source.origin = d.value->span;
  source.request.reader = schema->name;
  callee_text_ = schema->name;
  std::vector<Dim> dims;
  if (!axes(*brackets, false, nullptr, dims)) return give_up();
  if (dims.size() != schema->axes.size() || brackets->arrow) {
    fail(code::axis_count, brackets->span,
         "reader `" + schema->name + "` takes the axes of a batch: " + listed(schema->axes),
         std::to_string(dims.size()) + " given", "write " + example(*schema) + "(...)");
    return give_up();
  }
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const Extent own = axis_table()[dims[i].axis].extent;
    const auto asked = dims[i].extent.constant();
    const Span where = brackets->items[i].span;
    const std::string name = axis_table().name(dims[i].axis);
    if (own.constant()) {
      fail(code::batch_axis_fixed, where, "a batch's axes are open: the last batch may be smaller",
           "`" + name + "` has the extent " + axis_table().symbols().describe(own),
           "declare `axis " + name + "` without an extent, and write " + name + ": " +
               axis_table().symbols().describe(own) + " here");
      return give_up();
    }
    if (asked && *asked < 1) {
      fail(code::batch_extent, where, "a batch holds at least one", "too small");
      return give_up();
    }
    if (!asked) {
      fail(code::batch_extent, where, "a batch's axes need their largest extents",
           "no extent for `" + name + "`", "write " + name + ": 32", {}, replaced(where, name + ": 32"));
      return give_up();
    }
    source.request.extents.push_back(*asked);
    source.axes.push_back({dims[i].axis, own});
  }

  std::vector<ArgumentValue> given;
  for (const ast::Argument& a : arguments->arguments)
    given.push_back({a.name ? a.name->text : "", evaluate(*a.value), a.span});
  CallSite site{d.value->span, reader->name.span, brackets, std::move(given)};
  std::vector<std::string> names = {"path"};
  for (const corpora::ArgumentSchema& a : schema->arguments) names.push_back(a.name);
  std::vector<const ArgumentValue*> matched;
  if (!match_arguments("reader `" + schema->name + "`", site, names, 1, matched)) return give_up();
  const auto path = text(matched[0]->value, matched[0]->span, "a reader's path");
  if (!path) return give_up();
  source.request.path = *path;
  for (std::size_t i = 1; i < matched.size(); ++i) {
    if (!matched[i]) continue;
    const ArgumentValue& a = *matched[i];
    const std::string& name = names[i];
    if (is_poison(a.value)) return give_up();
    if (name == "tokens") {
      const auto* t = as<TokenizerValue>(a.value);
      if (!t) {
        fail(code::not_a_tokenizer, a.span, "tokens takes a tokenizer, got " + kind_of(a.value),
             "not a tokenizer", "words(min_count = 2) or chars()");
        return give_up();
      }
      source.request.tokens = t->settings;
      source.request.min_count = t->min_count;
    } else if (name == "vocab") {
      AxisId axis{};
      if (const auto* given = as<AxisValue>(a.value)) {
        axis = given->axis;
      } else if (const auto* l = as<LabelsValue>(a.value); l && l->source.data >= 0) {
        axis = label_axis(l->source.data, l->source.set);
      } else {
        fail(code::not_a_vocabulary, a.span, "vocab takes an axis with labels, got " + kind_of(a.value),
             "not a vocabulary", "take one from a corpus or a model: vocab = lm.V");
        return give_up();
      }
      const auto from = label_source(axis);
      if (!from && !axis_table()[axis].labels) {
        fail(code::not_a_vocabulary, a.span, "axis `" + axis_table().name(axis) + "` has no labels",
             "not a vocabulary", "take one from a corpus or a model: vocab = lm.V");
        return give_up();
      }
      source.vocabulary = axis;
      const auto tokens = std::find(names.begin(), names.end(), "tokens");
      if (from && (tokens == names.end() || !matched[static_cast<std::size_t>(tokens - names.begin())]))
        source.tokens_of = from->data;
    } else if (name == "holdout") {
      const auto n = number(a.value, a.span, "holdout");
      if (!n) return give_up();
      if (!(*n >= 0 && *n < 1)) {
        fail(code::bad_value, a.span, "holdout is a share of the records, from 0 to less than 1",
             "out of range");
        return give_up();
      }
      source.request.holdout = *n;
    } else if (name == "expansion") {
      const auto n = number(a.value, a.span, "expansion");
      if (!n) return give_up();
      if (!(*n >= 1)) {
        fail(code::bad_value, a.span, "expansion is how many times its size a packed file may unpack to",
             "out of range");
        return give_up();
      }
      source.request.expansion = *n;
    } else if (schema->arguments[i - 1].kind == corpora::ArgumentKind::choice) {
      const auto t = text(a.value, a.span, name);
      if (!t) return give_up();
      const std::vector<std::string>& choices = schema->arguments[i - 1].choices;
      const auto chosen = std::find(choices.begin(), choices.end(), *t);
      if (chosen == choices.end()) {
        const std::string near = nearest(*t, choices);
        fail(code::bad_value, a.span, name + " is one of " + listed(choices) + ", got `" + *t + "`",
             "none of them", near.empty() ? "" : "did you mean \"" + near + "\"?");
        return give_up();
      }
      source.request.invalid = static_cast<corpora::Invalid>(chosen - choices.begin());
    } else if (schema->arguments[i - 1].kind == corpora::ArgumentKind::text) {
      const auto t = text(a.value, a.span, name);
      if (!t) return give_up();
      if (name == "valid") {
        source.request.valid_path = *t;
      } else {
        source.request.texts[name] = *t;
      }
    } else {
      corpora::ColumnName& column = source.request.columns[name];
      if (const auto* t = as<TextValue>(a.value)) {
        column = t->value;
      } else if (const auto n = whole_number(a.value, a.span, "a column")) {
        if (*n < 1) {
          fail(code::bad_value, a.span, "columns count from 1", "out of range");
          return give_up();
        }
        column = *n;
      } else {
        return give_up();
      }
    }
  }
  if (!source.request.valid_path.empty())
    source.request.holdout = 0;  // a file of its own stands in its place
  for (const std::string& set : schema->label_sets) {
    source.label_symbols.push_back(axis_table().symbols().fresh(d.name.text + "." + set));
  }
  source.columns.assign(schema->columns.size(), -1);
  const auto id = static_cast<DataId>(program_.data.size());
  if (model_files_.reading()) {
    source.stored = model_files_.stored_corpus(d.name.text);
    for (const std::string& set : schema->label_sets) {
      if (source.stored && source.stored->labels.count(set)) continue;
      fail(code::load_failed, d.name.span, "the labels `" + d.name.text + "." + set + "` are missing",
           "not in the file");
      return give_up();
    }
  }
  const bool stored = source.stored != nullptr;
  program_.data.push_back(std::move(source));
  if (stored) {
    program_.actions.push_back(ProvideData{id});
  } else {
    program_.actions.push_back(OpenData{id});
  }
  declare(d.name, DataValue{id});
}

/// The axis that a label set labels: the first declared from it, or one made now.
AxisId Elaborator::label_axis(DataId data, int set) {
  for (const auto& [axis, source] : program_.label_sources) {
    if (source.data == data && source.set == set) return axis;
  }
  const DataSource& d = program_.data[static_cast<std::size_t>(data)];
  const auto s = static_cast<std::size_t>(set);
  if (d.vocabulary && d.schema->label_sets[s] == "vocab") return *d.vocabulary;
  if (d.stored) {
    const auto labels = d.stored->labels.at(d.schema->label_sets[s]);
    const AxisId known =
        axis_table().declare(d.schema->label_sets[s], Extent(labels->size()), d.origin, labels);
    program_.label_sources[known] = {data, set};
    return known;
  }
  const AxisId axis = axis_table().declare(d.schema->label_sets[s], Extent(d.label_symbols[s]), d.origin);
  program_.label_sources[axis] = {data, set};
  return axis;
}

}  // namespace weft::check
