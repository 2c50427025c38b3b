#include "repl/lsp/server.h"

#include <map>
#include <memory>
#include <stdexcept>

#include "repl/lsp/answers.h"
#include "repl/lsp/position.h"
#include "repl/lsp/transport.h"
#include "repl/lsp/uri.h"

namespace weft::repl::lsp {

namespace {

using nlohmann::json;

/// Error codes of JSON-RPC and the protocol.
enum Code : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  not_initialized = -32002
};

/// A request that can't be answered.
struct Refusal : std::runtime_error {
  Refusal(Code code, const std::string& message) : std::runtime_error(message), code(code) {}
  Code code;
};

struct OpenText {
  std::string path;
  std::string text;
  json version;
  std::unique_ptr<service::Document> checked;  // of this text; null until somebody asks
};

class Server {
 public:
  explicit Server(Transport& transport) : transport_(transport) {}

  int run() {
    while (!exiting_) {
      const auto message = transport_.read();
      if (!message) break;
      if (!message->content) {
        answer_error(nullptr, parse_error, message->fault);
      } else {
        take(*message->content);
      }
    }
    return shut_down_ ? 0 : 1;
  }

 private:
  void take(const json& m) {
    if (!m.is_object()) return answer_error(nullptr, invalid_request, "a message is an object");
    const auto id = m.find("id");
    const auto method = m.find("method");
    const bool request = id != m.end();
    if (request && !id->is_string() && !id->is_number_integer()) {
      return answer_error(nullptr, invalid_request, "an id is a text or a whole number");
    }
    if (method == m.end()) {
      // An answer to what this server asked; it asks nothing.
      if (!request) answer_error(nullptr, invalid_request, "a message has a method");
      return;
    }
    if (!method->is_string()) {
      return answer_error(request ? *id : json(), invalid_request, "a method is a text");
    }
    const json params = m.value("params", json::object());
    try {
      if (request) {
        json result = answer(method->get<std::string>(), params);
        transport_.write({{"jsonrpc", "2.0"}, {"id", *id}, {"result", std::move(result)}});
      } else {
        notice(method->get<std::string>(), params);
      }
    } catch (const Refusal& e) {
      if (request) answer_error(*id, e.code, e.what());
    } catch (const json::exception& e) {
      if (request) answer_error(*id, invalid_params, e.what());
    } catch (const std::exception& e) {
      if (request) answer_error(*id, internal_error, e.what());
    }
  }

  void answer_error(const json& id, Code code, const std::string& message) {
    transport_.write({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}});
  }

  json answer(const std::string& method, const json& params) {
    if (shut_down_) throw Refusal(invalid_request, "the server is shut down");
    if (method == "initialize") return initialize(params);
    if (!initialized_) throw Refusal(not_initialized, "the first request is `initialize`");
    if (method == "shutdown") {
      shut_down_ = true;
      return nullptr;
    }
    if (method == "textDocument/hover") return hover(document(params), place(params));
    if (method == "textDocument/definition") {
      const service::Document& d = document(params);
      return definition(d, uri_in(params), place(params));
    }
    if (method == "textDocument/documentSymbol") return symbols(document(params), uri_in(params), nested_);
    if (method == "textDocument/completion") {
      const OpenText& open = opened(params);
      const std::uint32_t at = place(params);
      return completion(service::complete(open.path, open.text, at, unsaved()), open.text, at);
    }
    if (method == "textDocument/formatting") {
      const OpenText& open = opened(params);
      return formatting(open.path, open.text);
    }
    if (method == "textDocument/codeAction") {
      const Positions positions(opened(params).text);
      const json& range = params.at("range");
      return quick_fixes(document(params), uri_in(params), positions.offset(range.at("start")),
                         positions.offset(range.at("end")));
    }
    throw Refusal(method_not_found, "there is no method " + method);
  }

  json initialize(const json& params) {
    if (initialized_) throw Refusal(invalid_request, "initialized already");
    initialized_ = true;
    const json::json_pointer hierarchy(
        "/capabilities/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport");
    nested_ = params.contains(hierarchy) && params.at(hierarchy) == true;
    const json capabilities = {{"positionEncoding", "utf-16"},
                               {"textDocumentSync", {{"openClose", true}, {"change", 2}}},
                               {"hoverProvider", true},
                               {"definitionProvider", true},
                               {"documentSymbolProvider", true},
                               {"documentFormattingProvider", true},
                               {"codeActionProvider", {{"codeActionKinds", json::array({"quickfix"})}}},
                               {"completionProvider", {{"triggerCharacters", json::array({".", "[", "("})}}}};
    return {{"capabilities", capabilities}, {"serverInfo", {{"name", "weft"}, {"version", WEFT_VERSION}}}};
  }

  void notice(const std::string& method, const json& params) {
    if (method == "exit") {
      exiting_ = true;
      return;
    }
    if (!initialized_ || shut_down_) return;
    if (method == "textDocument/didOpen") {
      const json& item = params.at("textDocument");
      const std::string uri = item.at("uri").get<std::string>();
      texts_[uri] = {path_of(uri), item.at("text").get<std::string>(), item.value("version", json()),
                     nullptr};
      changed(uri);
    } else if (method == "textDocument/didChange") {
      const auto open = texts_.find(uri_in(params));
      if (open == texts_.end()) return;
      for (const json& change : params.at("contentChanges")) apply(open->second.text, change);
      open->second.version = params.at("textDocument").value("version", json());
      changed(open->first);
    } else if (method == "textDocument/didClose") {
      const std::string uri = uri_in(params);
      if (texts_.erase(uri) == 0) return;
      transport_.write(notification({{"uri", uri}, {"diagnostics", json::array()}}));
    }
  }

  /// One change: of a range, or the whole text anew.
  static void apply(std::string& text, const json& change) {
    const std::string fresh = change.at("text").get<std::string>();
    const auto range = change.find("range");
    if (range == change.end() || range->is_null()) {
      text = fresh;
      return;
    }
    const Positions positions(text);
    const std::uint32_t begin = positions.offset(range->at("start"));
    const std::uint32_t end = std::max(begin, positions.offset(range->at("end")));
    text.replace(begin, end - begin, fresh);
  }

  /// Checks the text anew, and those open ones that import it.
  void changed(const std::string& uri) {
    const std::string& path = texts_.at(uri).path;
    for (auto& [other, open] : texts_) {
      bool touched = other == uri;
      if (!touched && open.checked) {
        const Sources& sources = open.checked->sources();
        for (std::uint32_t f = 0; f < sources.size(); ++f) touched = touched || sources[f].name == path;
      }
      if (touched) open.checked = nullptr;
    }
    for (auto& [other, open] : texts_) {
      if (open.checked) continue;
      json params = {{"uri", other}, {"diagnostics", diagnostics(check(open), other)}};
      if (!open.version.is_null()) params["version"] = open.version;
      transport_.write(notification(std::move(params)));
    }
  }

  static json notification(json params) {
    return {{"jsonrpc", "2.0"}, {"method", "textDocument/publishDiagnostics"}, {"params", std::move(params)}};
  }

  std::map<std::string, std::string> unsaved() const {
    std::map<std::string, std::string> files;
    for (const auto& [uri, open] : texts_) files[open.path] = open.text;
    return files;
  }

  service::Document& check(OpenText& open) {
    if (!open.checked) open.checked = std::make_unique<service::Document>(open.path, open.text, unsaved());
    return *open.checked;
  }

  static std::string uri_in(const json& params) {
    return params.at("textDocument").at("uri").get<std::string>();
  }
  OpenText& opened(const json& params) {
    const auto open = texts_.find(uri_in(params));
    if (open == texts_.end()) throw Refusal(invalid_params, "the document isn't open");
    return open->second;
  }
  const service::Document& document(const json& params) { return check(opened(params)); }
  std::uint32_t place(const json& params) {
    return Positions(opened(params).text).offset(params.at("position"));
  }

  Transport& transport_;
  std::map<std::string, OpenText> texts_;
  bool initialized_ = false, shut_down_ = false, exiting_ = false;
  bool nested_ = false;  // the client takes symbols as a tree
};

}  // namespace

int serve(std::istream& in, std::ostream& out) {
  Transport transport(in, out);
  return Server(transport).run();
}

}  // namespace weft::repl::lsp
