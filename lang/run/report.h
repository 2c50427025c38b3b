#pragma once

#include <string>
#include <vector>

#include "lang/program.h"
#include "lang/run/machine.h"

/// What `show` says of things that are known when a program runs.
namespace weft {

/// "axis V = 8412: the, and, of, .. and 8404 more"; of an open axis that it is one.
std::string describe_axis(const AxisTable& axes, AxisId axis, const Bindings& bindings);

/// A label set, as an axis is described.
std::string describe_labels(const std::string& name, const Labels& labels);

/// The file, its splits, columns and label sets; of a corpus that a model file stands for, the latter.
std::string describe_data(const DataSource& source, const OpenedData& opened, const AxisTable& axes);
/// One split: batches and tokens.
std::string describe_split(const DataSource& source, const OpenedData& opened, corpora::Split split);

/// What became of a training: a table of its epochs, those in the middle of many left out.
struct RunHistory {
  std::int64_t steps = 0;
  std::vector<std::vector<double>> epochs;  // by epoch, the metrics asked for; NaN where there is none
};
/// The last training of that name among `history` (JSON, one object a training).
RunHistory history_of(const DescribeRun& run, const std::vector<std::string>& history);
std::string describe_run(const DescribeRun& run, const RunHistory& history);

}  // namespace weft
