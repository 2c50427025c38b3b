#pragma once

#include <istream>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>

namespace weft::repl::lsp {

/// Messages with the base protocol's headers: "Content-Length: N", an empty line, N bytes of JSON.
class Transport {
 public:
  Transport(std::istream& in, std::ostream& out) : in_(in), out_(out) {}

  struct Message {
    std::optional<nlohmann::json> content;  // absent: what came is no JSON, or too much of it
    std::string fault;
  };
  /// The next message; nothing at the end of the input. Headers without a length are passed over.
  std::optional<Message> read();
  void write(const nlohmann::json& content);

 private:
  std::istream& in_;
  std::ostream& out_;
};

}  // namespace weft::repl::lsp
