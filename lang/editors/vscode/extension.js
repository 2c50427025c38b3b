// Starts `weft lsp` for .weft files and ends it with the editor.
const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = () => {
  const command = workspace.getConfiguration("weft").get("path");
  const documents = ["file", "untitled"].map((scheme) => ({ scheme, language: "weft" }));
  client = new LanguageClient("weft", "Weft", { command, args: ["lsp"] }, { documentSelector: documents });
  return client.start();
};

exports.deactivate = () => client?.stop();
