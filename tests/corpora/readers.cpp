#include <algorithm>
#include <map>
#include <set>

#include "tests/catch2.h"
#include "tests/corpora/batches.h"
#include "tests/corpora/files.h"
#include "tests/corpora/packed.h"

using namespace weft::corpora;

namespace {

/// What a file gives, in its order: `text` and `label` of each row, "label: text".
Strings labelled(const std::string& reader, const std::string& path) {
  auto request = request_of(reader, path, 2, 50);
  request.valid_path = path;
  const auto data = open_dataset(request);
  const Strings labels = texts_of(*data, "label", Split::valid),
                texts = texts_of(*data, "text", Split::valid);
  Strings rows;
  for (std::size_t i = 0; i < labels.size(); ++i) rows.push_back(labels[i] + ": " + texts[i]);
  return rows;
}

const Strings kRows = {"good: a fine , \" old \" film", "bad: no", "good: 好 电影", "bad: <unk>"};

}  // namespace

TEST_CASE("csv: quotes, commas and line ends within fields; the header names the columns") {
  const Files files;
  const std::string text =
      "\xEF\xBB\xBF"
      "text,score,label\r\n\r\n"
      "\"a fine, \"\"old\"\"\r\nfilm\",3,good\r\n"
      "no,,bad\r\n"
      "\"好\n电影\",5,\"good\"\r\n"
      "\"\",5,bad";
  CHECK(labelled("csv", files.write("a.csv", text)) == kRows);
  CHECK(labelled("csv", files.write("a.csv.gz", gzipped(text))) == kRows);
  // Each of several files has a header of its own.
  files.write("b1.csv", "label,text\nx,one\n");
  files.write("b2.csv", "text,label\ntwo,y");
  CHECK(labelled("csv", files.path("b*.csv")) == Strings{"x: one", "y: two"});
  // A quote within a field that doesn't begin with one is a character; numbers mean that there is no header.
  auto request = request_of("csv", files.write("c", "5\" disk,x\na \"b\" c,y\n"), 2, 9);
  request.columns = {{"label", std::int64_t{2}}, {"text", std::int64_t{1}}};
  request.valid_path = request.path;
  CHECK(texts_of(*open_dataset(request), "text", Split::valid) == Strings{"5 \" disk", "a \" b \" c"});
}

TEST_CASE("csv: a quoted field over many pieces") {
  const Files files;
  std::string text = "label,text\na,\"";
  for (int i = 0; i < 100000; ++i) text += "word " + std::to_string(i) + "\n";
  text += "\"\nb,end\n";
  const auto data = open_dataset(request_of("csv", files.write("t", text), 2, 1 << 20));
  CHECK(data->tokens(Split::train) == 200001);
}

TEST_CASE("csv: files that can't be used") {
  const Files files;
  const auto with = [&](std::string_view text) {
    return fault_of(request_of("csv", files.write("t", text), 2, 9));
  };
  CHECK(with("lable,text\nx,one\n") ==
        ":1: no column is named \"label\"; the header has: lable, text (did you mean lable?)");
  CHECK(with("label,text\nx,one\ny\n") ==
        ":3: expected at least 2 fields, got 1 (fields are separated by commas)");
  CHECK(with("label,text\nx,\"one\ny,two\n") ==
        ":2: a quoted field begins here and isn't closed (a quote within quotes is written twice)");
  CHECK(with("label,text\nx,\"one\n\n\" more\ny,two\n") ==
        ":2: a quoted field goes on behind its closing quote (a quote within quotes is written twice)");
  CHECK(with("label,text\n\nx,one\n\n,two\n") == ":5: the label is empty");
  CHECK(with("label,text\n") == ": the file has a header and no rows");
  CHECK(with("") == ": the file holds no text (expected lines of UTF-8 text)");
  CHECK(
      with("label,text\nx,\"" + std::string(17 << 20, 'x')) ==
      ":2: a row of more than 16 MiB (is this a file of comma-separated values, and is each quote closed?)");
}

TEST_CASE("jsonl: fields by name, in any order, whatever else there is") {
  const Files files;
  CHECK(labelled(
            "jsonl",
            files.write("a", R"({"text": "a fine, \"old\"\nfilm", "more": {"label": "no"}, "label": "good"})"
                             "\n"
                             R"({"label": "bad", "text": "no", "list": [1, {"text": 2}]})"
                             "\n\n"
                             R"({"label": "good", "text": "\u597d\u7535\u5f71"})"
                             "\r\n"
                             R"({"label": "bad", "text": ""})")) == kRows);
  CHECK(labelled(
            "jsonl",
            files.write("b", "{\"label\": 1, \"text\": \"one\"}\n{\"label\": false, \"text\": \"two\"}\n")) ==
        Strings{"1: one", "false: two"});
}

TEST_CASE("jsonl: files that can't be used") {
  const Files files;
  const auto with = [&](const std::string& second) {
    return fault_of(
        request_of("jsonl", files.write("t", "{\"label\": \"x\", \"text\": \"one\"}\n" + second), 2, 9));
  };
  CHECK(with("{\"label\": \"y\", \"txt\": \"two\"}\n") ==
        ":2: the object has no field \"text\" (did you mean txt?)");
  CHECK(with("{\"a\": 1, \"text\": \"two\"}\n") == ":2: the object has no field \"label\" (it has also a)");
  CHECK(with("{\"label\": \"y\", \"text\": 2}\n") == ":2: the field \"text\" is not a text");
  CHECK(with("{\"label\": null, \"text\": \"\"}\n") ==
        ":2: the field \"label\" is neither a text nor a number");
  CHECK(with("[1]\n") == ":2: not a JSON object (expected {\"label\": .., \"text\": ..})");
  CHECK(with("{\"label\": \"y\",\n").starts_with(":2: not JSON at byte 15: syntax error while parsing"));
  CHECK(with(std::string(100000, '[') + "\n").starts_with(":2: not JSON at byte "));
  auto numbered = request_of("jsonl", files.path("t"), 2, 9);
  numbered.columns["label"] = std::int64_t{1};
  CHECK(fault_of(numbered) == ": fields of JSON objects have names, not numbers (label = \"label\")");
}

TEST_CASE("fasttext_labels: labels anywhere, the first is taken and others are told of") {
  const Files files;
  const auto path = files.write("a",
                                "__label__good a fine, \"old\" film\n"
                                "__label__bad __label__good no\r\n"
                                "\n"
                                "好__label__ __label__good 电影\n"
                                "__label__bad\n");
  auto request = request_of("fasttext_labels", path, 2, 50);
  request.valid_path = path;
  const auto data = open_dataset(request);
  CHECK(texts_of(*data, "label", Split::valid) == Strings{"good", "bad", "good", "bad"});
  CHECK(texts_of(*data, "text", Split::valid) ==
        Strings{"a fine , \" old \" film", "no", "好 __label__ 电影", "<unk>"});
  CHECK(data->notes() == Strings{"2 rows have several labels: the first is taken"});
  auto other = request_of("fasttext_labels", files.write("b", "#x one two\n#y two\n"), 2, 9);
  other.texts["prefix"] = "#";
  CHECK(open_dataset(other)->labels("classes") == Strings{"x", "y"});
  CHECK(fault_of(request_of("fasttext_labels", files.write("c", "__label__x one\ntwo\n"), 2, 9)) ==
        ":2: the line has no label (a line begins with its labels, as in: __label__sport the match is over)");
}

TEST_CASE("conll: words and tags of sentences") {
  const Files files;
  const auto path = files.write("a",
                                "-DOCSTART- -X- O\n\n"
                                "Confidence NN B-NP\nin IN B-PP\nthe DT B-NP\npound NN I-NP\n\n\n"
                                "# NN B-NP\r\n3/4 CD I-NP\r\n");
  auto request = request_of("conll", path, 2, 3);
  request.valid_path = path;
  const auto data = open_dataset(request);
  CHECK(texts_of(*data, "tokens", Split::valid) == Strings{"confidence in the", "# 3/4"});
  CHECK(texts_of(*data, "tags", Split::valid) == Strings{"B-NP B-PP B-NP", "B-NP I-NP"});
  CHECK(data->labels("tagset") == Strings{"B-NP", "B-PP", "I-NP"});
  CHECK(data->tokens(Split::train) == 5);
  request.columns["tag"] = std::int64_t{2};
  CHECK(open_dataset(request)->labels("tagset") == Strings{"CD", "DT", "IN", "NN"});
  request.columns["tag"] = std::int64_t{4};
  CHECK(fault_of(request) ==
        ":3: expected at least 4 columns, got 3 (columns are separated by spaces or tabs)");
  CHECK(fault_of(request_of("conll", files.write("b", "a X\n\nb\n"), 2, 3)) ==
        ":3: expected at least 2 columns, got 1 (columns are separated by spaces or tabs)");
  auto valid = request_of("conll", files.write("c", "a NN\nb VB\n"), 2, 3);
  valid.valid_path = files.write("d", "a NN\n\na NM\n");
  CHECK(fault_of(valid) ==
        valid.valid_path + ":3: the tag \"NM\" is not one of " + valid.path + " (did you mean NN?)");
}

TEST_CASE("conllu: comments, words of several tokens and empty nodes are left out") {
  const Files files;
  const auto path = files.write("a.conllu",
                                "# sent_id = 1\n"
                                "1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_\n"
                                "1\tDo\tdo\tAUX\tVBP\t_\t3\taux\t_\t_\n"
                                "2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_\n"
                                "2.1\tever\t_\t_\t_\t_\t_\t_\t_\t_\n"
                                "3\tpanic\tpanic\tVERB\tVB\t_\t0\troot\t_\t_\n\n");
  auto request = request_of("conllu", path, 2, 9);
  request.valid_path = path;
  CHECK(texts_of(*open_dataset(request), "tokens", Split::valid) == Strings{"do n't panic"});
  CHECK(texts_of(*open_dataset(request), "tags", Split::valid) == Strings{"AUX PART VERB"});
  request.columns = {{"token", std::string("lemma")}, {"tag", std::string("xpos")}};
  CHECK(texts_of(*open_dataset(request), "tokens", Split::valid) == Strings{"do not panic"});
  CHECK(texts_of(*open_dataset(request), "tags", Split::valid) == Strings{"VBP RB VB"});
  request.columns["tag"] = std::string("xpo");
  CHECK(fault_of(request) == ": there is no column \"xpo\" in CoNLL-U (did you mean xpos?)");
}

TEST_CASE("conll: sentences over many pieces") {
  const Files files;
  std::string text;
  for (int i = 0; i < 60000; ++i)
    text += "word" + std::to_string(i % 9) + " T" + std::to_string(i % 3) + (i % 7 == 6 ? "\n\n" : "\n");
  const auto data = open_dataset(request_of("conll", files.write("t", text), 64, 9));
  CHECK(data->tokens(Split::train) == 60000);
  CHECK(batches_of(*data, Split::train).size() == (60000 / 7 + 1 + 63) / 64);
}

TEST_CASE("parallel: what an encoder reads, what a decoder reads and what it is to say") {
  const Files files;
  const auto check = [&](ReaderRequest request) {
    request.valid_path = request.path;
    const auto data = open_dataset(request);
    CHECK(texts_of(*data, "source", Split::valid) == Strings{"the old house", "yes"});
    CHECK(texts_of(*data, "target", Split::valid) == Strings{"<bos> 老 房子", "<bos> 是 的"});
    CHECK(texts_of(*data, "next", Split::valid) == Strings{"老 房子 <eos>", "是 的 <eos>"});
    const auto batches = batches_of(*data, Split::valid);
    REQUIRE(batches.size() == 1);
    CHECK(batches[0].extents == std::vector<std::int64_t>{2, 3, 3});
    CHECK(batches[0].lengths == std::vector<Ids>{{3, 1}, {3, 3}});
    CHECK(data->tokens(Split::valid) == 10);
    CHECK(data->notes() == Strings{"2 pairs are left out: a side is blank"});  // one in each file
    CHECK(std::count(data->labels("target_vocab").begin(), data->labels("target_vocab").end(), "<bos>") == 1);
    CHECK(std::count(data->labels("source_vocab").begin(), data->labels("source_vocab").end(), "<bos>") == 0);
  };
  ReaderRequest request;
  request.reader = "parallel";
  request.extents = {4, 8, 3};
  request.path = files.write("a.tsv", "The old house\t老 房子 大\nno\t \nYes\t是 的\n");
  check(request);
  request.columns = {{"source", std::string("en")}, {"target", std::string("zh")}};
  request.path = files.write("b.tsv", "zh\tid\ten\n老 房子 大\t1\tThe old house\n\t2\tno\n是 的\t3\tYes\n");
  check(request);
  request.columns.clear();
  request.path = files.write("c.en", "The old house\n\nYes");
  request.texts = {{"target_file", files.write("c.zh", "老 房子 大\r\nx\r\n是 的\r\n")}};
  request.texts["valid_target_file"] = request.texts["target_file"];
  check(request);
  request.texts.erase("valid_target_file");

  request.path = files.write("d.en", "one\ntwo\nthree\n");
  CHECK(fault_of(request).empty());
  request.path = files.write("e.en", "one\ntwo\nthree\nfour\n");
  CHECK(fault_of(request) == ":4: goes on where " + request.texts["target_file"] +
                                 " has ended (line i of one file is the translation of line i of the other)");
  request.path = files.write("f.en", "one\ntwo\n");
  CHECK(fault_of(request) == request.texts["target_file"] + ":3: goes on where " + request.path +
                                 " has ended (line i of one file is the translation of line i of the other)");
}

TEST_CASE("readers: the same whatever the number of threads") {
  const Files files;
  std::string lines, rows;
  for (int i = 0; i < 40000; ++i) {
    const std::string line = "line " + std::to_string(i * 7919 % 3001) + " 字 " +
                             std::string(static_cast<std::size_t>(i % 40), 'x');
    lines += line + "\n";
    rows += "c" + std::to_string(i % 5) + "\t" + line + "\n";
  }
  for (const std::string reader : {"lines", "tsv"}) {
    auto request = request_of(reader, files.write("t", reader == "tsv" ? rows : lines), 64, 10);
    request.holdout = 0.1;
    request.threads = 1;
    const auto one = open_dataset(request);
    for (const int threads : {2, 5}) {
      request.threads = threads;
      const auto more = open_dataset(request);
      REQUIRE(more->labels("vocab") == one->labels("vocab"));
      CHECK(more->unknown_share() == one->unknown_share());
      for (const Split split : {Split::train, Split::valid}) {
        const auto a = batches_of(*one, split, 3), b = batches_of(*more, split, 3);
        REQUIRE(a.size() == b.size());
        bool same = true;
        for (std::size_t i = 0; i < a.size(); ++i)
          same = same && a[i].columns == b[i].columns && a[i].lengths == b[i].lengths &&
                 a[i].extents == b[i].extents;
        CHECK(same);
      }
    }
  }
}

TEST_CASE("readers: of several faults the first in the file is told, whatever the number of threads") {
  const Files files;
  std::string rows;
  for (int i = 0; i < 200000; ++i) rows += "c" + std::to_string(i % 5) + "\tsome words\n";
  const auto bad = [&](std::size_t at) {
    const std::size_t tab = rows.find('\t', at);
    rows[tab] = ' ';
    return std::count(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(tab), '\n') + 1;
  };
  bad(rows.size() - 1000);
  const auto line = bad(rows.size() / 3);
  auto request = request_of("tsv", files.write("t", rows), 2, 9);
  for (const int threads : {1, 4}) {
    request.threads = threads;
    for (int again = 0; again < 5; ++again)
      CHECK(fault_of(request) == ":" + std::to_string(line) +
                                     ": expected at least 2 fields, got 1 (fields are separated by tabs)");
  }
}

TEST_CASE("readers: those who share a training draw each record once between them") {
  const Files files;
  std::string rows, lines;
  for (int i = 0; i < 101; ++i) {
    rows += "c" + std::to_string(i % 2) + "\tword" + std::to_string(i) + "\n";
    lines += "word" + std::to_string(i) + "\n";
  }
  for (const std::string reader : {"tsv", "lines"}) {
    auto request =
        request_of(reader, files.write("t", reader == "tsv" ? rows : lines), 4, reader == "tsv" ? 3 : 2);
    request.holdout = 0.2;
    request.seed = 5;
    const std::string column = reader == "tsv" ? "text" : "ids";
    const auto alone = open_dataset(request);
    Strings all = texts_of(*alone, column, Split::train), together;
    request.world = 3;
    std::int64_t tokens = 0;
    for (request.rank = 0; request.rank < 3; ++request.rank) {
      const auto part = open_dataset(request);
      CHECK(part->labels("vocab") == alone->labels("vocab"));
      CHECK(texts_of(*part, column, Split::valid) == texts_of(*alone, column, Split::valid));
      const Strings texts = texts_of(*part, column, Split::train);
      CHECK(part->batches(Split::train) == static_cast<std::int64_t>(texts.size() + 3) / 4);
      CHECK(std::max(texts.size(), all.size() / 3) - std::min(texts.size(), all.size() / 3) <= 1);
      tokens += part->tokens(Split::train);
      together.insert(together.end(), texts.begin(), texts.end());
      if (request.rank == 0) CHECK(texts_of(*open_dataset(request), column, Split::train) == texts);
    }
    CHECK(tokens == alone->tokens(Split::train));
    std::sort(all.begin(), all.end());
    std::sort(together.begin(), together.end());
    CHECK(all == together);
  }
}

TEST_CASE("readers: invalid bytes go on where that is asked for, and are told of once") {
  const Files files;
  auto request = request_of("tsv",
                            files.write("t",
                                        "a\tone \xFF two\nb\tthr\xFF"
                                        "ee\n"),
                            2, 9);
  request.invalid = Invalid::replace;
  request.valid_path = request.path;
  const auto data = open_dataset(request);
  CHECK(texts_of(*data, "text", Split::valid)[0] == "one \uFFFD two");
  CHECK(data->notes().front() ==
        "2 places that can't be read as UTF-8 replaced by U+FFFD, the first in " + request.path + ":1");
  request.invalid = Invalid::skip;
  CHECK(texts_of(*open_dataset(request), "text", Split::valid)[1] == "three");
}

TEST_CASE("readers: a bomb, and very many labels") {
  const Files files;
  std::string rows;
  for (int i = 0; i < 200000; ++i) rows += "label" + std::to_string(i) + "\ta b\n";
  const auto data = open_dataset(request_of("tsv", files.write("t", rows), 1000, 9));
  CHECK(data->labels("classes").size() == 200000);
  CHECK(data->labels("classes")[1] == "label1");
  auto bomb = request_of("lines", files.write("b.gz", gzipped(std::string(20 << 20, 'a'))), 2, 3);
  CHECK(fault_of(bomb).find(": unpacks to more than 200 times its size") != std::string::npos);
}
