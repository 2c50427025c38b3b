#include "corpora/dataset.h"

namespace weft::corpora {

namespace {

std::string compose(const std::string& file, std::int64_t line, const std::string& what,
                    const std::string& hint) {
  std::string message = file;
  if (line > 0) message.append(":").append(std::to_string(line));
  message.append(": ").append(what);
  if (!hint.empty()) message.append(" (").append(hint).append(")");
  return message;
}

}  // namespace

DataError::DataError(std::string file, std::int64_t line, std::string what, std::string hint)
    : std::runtime_error(compose(file, line, what, hint)),
      file_(std::move(file)),
      line_(line),
      hint_(std::move(hint)) {}

}  // namespace weft::corpora
