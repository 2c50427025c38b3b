#include "repl/commands/recipe_options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "lang/diagnostic.h"
#include "repl/help.h"

namespace weft::repl {

namespace {

std::string number(double x) {
  char text[40];
  std::snprintf(text, sizeof text, "%.10g", x);
  return text;
}

/// The whole of `text` as a number.
template <class T>
bool read(const std::string& text, T& value) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end && !text.empty();
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return out;
}

struct TypeName {
  const char* operator()(const std::string*) const { return "TEXT"; }
  const char* operator()(const std::int32_t*) const { return "INT"; }
  const char* operator()(const std::int64_t*) const { return "INT"; }
  const char* operator()(const double*) const { return "REAL"; }
  const char* operator()(const bool*) const { return ""; }
};

struct DefaultText {
  std::string operator()(const std::string* x) const { return x->empty() ? "" : "\"" + *x + "\""; }
  std::string operator()(const std::int32_t* x) const { return std::to_string(*x); }
  std::string operator()(const std::int64_t* x) const { return std::to_string(*x); }
  std::string operator()(const double* x) const { return number(*x); }
  std::string operator()(const bool*) const { return ""; }
};

}  // namespace

void RecipeOptions::text(const char* name, std::string& value, const char* help) {
  options_.push_back({name, help, &value, 0, 0, {}, false});
}
void RecipeOptions::choice(const char* name, std::string& value, std::vector<std::string> of,
                           const char* help) {
  options_.push_back({name, help, &value, 0, 0, std::move(of), false});
}
void RecipeOptions::whole(const char* name, std::int32_t& value, std::int64_t least, std::int64_t most,
                          const char* help) {
  options_.push_back({name, help, &value, static_cast<double>(least), static_cast<double>(most), {}, false});
}
void RecipeOptions::whole(const char* name, std::int64_t& value, std::int64_t least, std::int64_t most,
                          const char* help) {
  options_.push_back({name, help, &value, static_cast<double>(least), static_cast<double>(most), {}, false});
}
void RecipeOptions::real(const char* name, double& value, double least, double most, const char* help) {
  options_.push_back({name, help, &value, least, most, {}, false});
}
void RecipeOptions::flag(const char* name, bool& value, const char* help) {
  options_.push_back({name, help, &value, 0, 0, {}, false});
}

RecipeOptions::Option* RecipeOptions::find(const std::string& name) {
  for (Option& o : options_)
    if (o.name == name) return &o;
  return nullptr;
}

bool RecipeOptions::given(const std::string& name) const {
  for (const Option& o : options_)
    if (o.name == name) return o.given;
  return false;
}

bool RecipeOptions::lacks_sample(const std::string& name) const {
  for (const Option& o : options_) {
    if (o.name != name || o.given) continue;
    return !std::filesystem::exists(*std::get<std::string*>(o.value));
  }
  return false;
}

bool RecipeOptions::refuse(const std::string& why) const {
  std::fprintf(stderr, "%s: %s\n", command_.c_str(), why.c_str());
  return false;
}

bool RecipeOptions::set(Option& option, const std::string& text) {
  option.given = true;
  const auto wrong = [&](const std::string& expected) {
    return refuse("--" + option.name + " expects " + expected + ", got `" + text + "`");
  };
  const auto range = [&](const char* kind) {
    if (option.most >= 1e18 || std::isinf(option.most))
      return std::string(kind) + " of at least " + number(option.least);
    return std::string(kind) + " from " + number(option.least) + " to " + number(option.most);
  };
  if (auto* const* to = std::get_if<std::string*>(&option.value)) {
    const auto& of = option.choices;
    if (!of.empty() && std::find(of.begin(), of.end(), text) == of.end()) return wrong(joined(of));
    **to = text;
    return true;
  }
  if (auto* const* to = std::get_if<bool*>(&option.value)) {
    if (text != "true" && text != "false") return wrong("true or false");
    **to = text == "true";
    return true;
  }
  if (auto* const* to = std::get_if<double*>(&option.value)) {
    double x = 0;
    if (!read(text, x) || !(x >= option.least && x <= option.most)) return wrong(range("a number"));
    **to = x;
    return true;
  }
  std::int64_t x = 0;
  if (!read(text, x) || static_cast<double>(x) < option.least || static_cast<double>(x) > option.most)
    return wrong(range("a whole number"));
  if (auto* const* to = std::get_if<std::int32_t*>(&option.value)) **to = static_cast<std::int32_t>(x);
  if (auto* const* to = std::get_if<std::int64_t*>(&option.value)) **to = x;
  return true;
}

void RecipeOptions::print_help(const CLI::App& app) const {
  std::vector<HelpEntry> own;
  for (const Option& o : options_) {
    const std::string type = std::visit(TypeName(), o.value), fallback = std::visit(DefaultText(), o.value);
    own.push_back({"--" + o.name + (type.empty() ? "" : " " + type),
                   o.help + (fallback.empty() ? "" : " (default " + fallback + ")")});
  }
  std::vector<HelpEntry> common;
  for (const HelpEntry& e : option_entries(app))
    if (e.name.rfind("--threads", 0) == 0 || e.name.rfind("--seed", 0) == 0) common.push_back(e);
  const std::string help = summary_ + "\n\nUsage: " + command_ + " [OPTIONS]\n" +
                           help_section("Options of the recipe", own) +
                           help_section("Options of every recipe", common);
  std::fputs(help.c_str(), stdout);
}

RecipeOptions::Parsed RecipeOptions::parse(const CLI::App& app, const std::vector<std::string>& words) {
  if (std::find(words.begin(), words.end(), "--help") != words.end() ||
      std::find(words.begin(), words.end(), "-h") != words.end()) {
    print_help(app);
    return Parsed::help_was_printed;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word.rfind("--", 0) != 0 || word.size() == 2) {
      refuse("unexpected argument `" + word + "`; options are --name value");
      return Parsed::refused;
    }
    const auto equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    Option* const option = find(name);
    if (option == nullptr) {
      std::vector<std::string> names;
      for (const Option& o : options_) names.push_back(o.name);
      const std::string near = nearest(name, names);
      refuse("there is no option `--" + name + "`" +
             (near.empty() ? "; " + command_ + " --help lists them" : ", did you mean `--" + near + "`?"));
      return Parsed::refused;
    }
    std::string value;
    const bool is_flag = std::holds_alternative<bool*>(option->value);
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (i + 1 < words.size() && words[i + 1].rfind("--", 0) != 0 &&
               (!is_flag || words[i + 1] == "true" || words[i + 1] == "false")) {
      value = words[++i];
    } else if (is_flag) {
      value = "true";
    } else {
      refuse("option `--" + name + "` needs a value");
      return Parsed::refused;
    }
    if (!set(*option, value)) return Parsed::refused;
  }
  return Parsed::go_on;
}

}  // namespace weft::repl
