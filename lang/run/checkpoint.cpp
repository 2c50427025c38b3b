#include "lang/run/checkpoint.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "lang/run/fingerprint.h"
#include "lang/run/model_file.h"

namespace weft {

namespace {

using nlohmann::json;

constexpr const char* kFormat = "weft checkpoint 1";

// JSON has no infinity.
json number(double x) {
  return std::isfinite(x) ? json(x) : json(x > 0 ? "inf" : x < 0 ? "-inf" : "nan");
}
double number(const json& j) {
  if (j.is_number()) return j.get<double>();
  const std::string s = j.get<std::string>();
  return s == "inf"    ? std::numeric_limits<double>::infinity()
         : s == "-inf" ? -std::numeric_limits<double>::infinity()
                       : std::numeric_limits<double>::quiet_NaN();
}
json numbers(const std::vector<double>& x) {
  json out = json::array();
  for (const double v : x) out.push_back(number(v));
  return out;
}
std::vector<double> numbers(const json& j) {
  std::vector<double> out;
  for (const json& v : j) out.push_back(number(v));
  return out;
}

json to_json(const TrainingState& s) {
  return {{"epoch", s.epoch},
          {"step", s.step},
          {"first_key", s.first_key},
          {"runs", s.runs},
          {"cursor", numbers(s.cursor)},
          {"sums", numbers(s.sums)},
          {"epoch_runs", s.epoch_runs},
          {"epoch_tokens", s.epoch_tokens},
          {"metrics", numbers(s.metrics)},
          {"best", number(s.best)},
          {"best_epoch", s.best_epoch},
          {"best_step", s.best_step},
          {"best_metrics", numbers(s.best_metrics)},
          {"episodes", numbers(s.episodes)},
          {"history", s.history},
          {"finished", s.finished}};
}

TrainingState from_json(const json& j) {
  TrainingState s;
  j.at("epoch").get_to(s.epoch);
  j.at("step").get_to(s.step);
  j.at("first_key").get_to(s.first_key);
  j.at("runs").get_to(s.runs);
  s.cursor = numbers(j.at("cursor"));
  s.sums = numbers(j.at("sums"));
  j.at("epoch_runs").get_to(s.epoch_runs);
  j.at("epoch_tokens").get_to(s.epoch_tokens);
  s.metrics = numbers(j.at("metrics"));
  s.best = number(j.at("best"));
  j.at("best_epoch").get_to(s.best_epoch);
  j.at("best_step").get_to(s.best_step);
  s.best_metrics = numbers(j.at("best_metrics"));
  s.episodes = numbers(j.at("episodes"));
  j.at("history").get_to(s.history);
  j.at("finished").get_to(s.finished);
  return s;
}

/// What differs between two JSON objects of texts, in words.
void differences(const std::string& what, const std::string& was, const std::string& is,
                 std::vector<std::string>& out) {
  const json before = json::parse(was), now = json::parse(is);
  const bool short_values = what == "option ";
  for (const auto& [name, value] : now.items()) {
    if (!before.contains(name)) {
      out.push_back(what + name + " is new");
    } else if (before[name] != value) {
      out.push_back(what + name +
                    (short_values
                         ? " was " + before[name].get<std::string>() + " and is " + value.get<std::string>()
                         : std::string(" has changed")));
    }
  }
  for (const auto& [name, value] : before.items()) {
    if (!now.contains(name)) out.push_back(what + name + " is gone");
  }
}

}  // namespace

Checkpoint::Checkpoint(Machine& machine, const Training& training, const Provenance& provenance)
    : machine_(machine), training_(training) {
  json data = json::object();
  for (const auto& [id, opened] : machine.data_) {
    const DataSource& source = machine.program_.data[static_cast<std::size_t>(id)];
    std::string print = fingerprint(source.request.path);
    if (!source.request.valid_path.empty()) print += " " + fingerprint(source.request.valid_path);
    data[source.name + " (" + source.request.path + ")"] = print;
  }
  identity_ = {{"format", kFormat},
               {"run", training.name},
               {"source", json(provenance.files).dump()},
               {"options", json(provenance.options).dump()},
               {"data", data.dump()},
               {"seed", std::to_string(machine.options_.seed)},
               {"real", machine.options_.real == DType::f64 ? "float64" : "float32"}};
}

std::vector<VariableId> Checkpoint::variables() const {
  std::vector<VariableId> all = training_.trained;
  all.insert(all.end(), training_.states.begin(), training_.states.end());
  return all;
}

/// Ids are the same whenever the same program is checked; the name is for those who look into the file.
std::string Checkpoint::name_of(VariableId id) const {
  return std::to_string(id) + "/" + machine_.program_.variables[static_cast<std::size_t>(id)].name;
}

void Checkpoint::compare(const std::map<std::string, std::string>& stored) const {
  const std::string& path = training_.checkpoint;
  const auto format = stored.find("format");
  if (format == stored.end() || format->second != kFormat) {
    throw ModelFileError(
        path + ": expected a checkpoint of a training, got " +
        (format == stored.end() ? "a file without a format" : "format \"" + format->second + "\"") +
        "; give `checkpoint` another name");
  }
  std::vector<std::string> differs;
  for (const auto& [key, is] : identity_) {
    const auto found = stored.find(key);
    if (found == stored.end()) throw ModelFileError(path + ": expected metadata \"" + key + "\", got none");
    const std::string& was = found->second;
    if (was == is) continue;
    try {
      if (key == "source") {
        differences("", was, is, differs);
      } else if (key == "options") {
        differences("option ", was, is, differs);
      } else if (key == "data") {
        differences("data ", was, is, differs);
      } else {
        differs.push_back((key == "run"    ? "the training was "
                           : key == "seed" ? "--seed was "
                                           : "real numbers were ") +
                          was + " and " + (key == "real" ? "are " : "is ") + is);
      }
    } catch (const json::exception& e) {
      throw ModelFileError(path + ": its metadata can't be read: " + e.what());
    }
  }
  if (differs.empty()) return;
  std::string all;
  for (const std::string& d : differs) all += (all.empty() ? "" : ", ") + d;
  throw ModelFileError(path + ": this checkpoint belongs to another program or run: " + all +
                       " (go back to how it was to go on, or delete " + path + " to start afresh)");
}

bool Checkpoint::read(TrainingState& state, Snapshot& best) {
  const std::string& path = training_.checkpoint;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return false;
  const SafetensorsFile file = read_safetensors(path);
  compare(file.metadata);
  TrainingState stored;
  try {
    stored = from_json(json::parse(file.metadata.at("state")));
  } catch (const std::exception& e) {
    throw ModelFileError(path + ": its state can't be read: " + e.what());
  }
  const std::size_t shown = training_.validation ? training_.validation->shown.size() : 0;
  const auto fits = [&](const std::vector<double>& x) { return x.empty() || x.size() == shown; };
  if (stored.sums.size() != state.sums.size() || !fits(stored.metrics) || !fits(stored.best_metrics) ||
      stored.episodes.size() > training_.episode_metrics.size() || stored.epoch < 0 || stored.step < 0 ||
      stored.epoch_runs < 0) {
    throw ModelFileError(path + ": its state doesn't fit the training");
  }
  const auto fill_all = [&](const std::string& group, const std::vector<VariableId>& ids) {
    for (const VariableId id : ids) {
      const std::string name = group + name_of(id);
      const auto tensor = file.tensors.find(name);
      if (tensor == file.tensors.end()) throw ModelFileError(path + ": tensor \"" + name + "\" is missing");
      try {
        fill(machine_.value(id), tensor->second, name);
      } catch (const ModelFileError& e) {
        throw ModelFileError(path + ": " + e.what());
      }
    }
  };
  if (stored.best_step >= 0) {
    fill_all("best/", training_.trained);
    best.take(stored.best_step, training_.trained,
              [this](VariableId id) -> Tensor& { return machine_.value(id); });
  }
  fill_all("value/", variables());
  state = std::move(stored);
  return true;
}

void Checkpoint::write(const TrainingState& state, const Snapshot& best) const {
  SafetensorsFile file;
  file.metadata = identity_;
  file.metadata["state"] = to_json(state).dump();
  for (const VariableId id : variables())
    file.tensors.emplace("value/" + name_of(id), store(machine_.value(id)));
  for (const auto& [id, tensor] : best.values()) file.tensors.emplace("best/" + name_of(id), store(tensor));
  write_safetensors(training_.checkpoint, file);
}

}  // namespace weft
