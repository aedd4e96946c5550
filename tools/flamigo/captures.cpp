#include "captures.hpp"

#include <algorithm>
#include <fstream>
#include <ostream>
#include <sstream>
#include <tuple>

#include "cpp_words.hpp"

namespace flamigo::tool {

namespace fs = std::filesystem;

namespace {

/// Finds lambdas, word for word.
class lambda_reader {
public:
  explicit lambda_reader(std::string_view text)
    : text_(text), words_(cpp_words(text)) {
  }

  std::vector<std::size_t> read() {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (words_[i] != "[")
        continue;
      if (at(i + 1) == "[") {
        // An attribute.
        ++i;
        continue;
      }
      auto end = past_brackets(i);
      if (captures_reference(i, end) && returns_task(end))
        result.push_back(line_of(words_[i]));
    }
    return result;
  }

private:
  std::string_view at(std::size_t i) const {
    return i < words_.size() ? words_[i] : std::string_view{};
  }

  static int depth_of(std::string_view word) {
    if (word == "(" || word == "[" || word == "{")
      return 1;
    return word == ")" || word == "]" || word == "}" ? -1 : 0;
  }

  /// Behind what is opened there.
  std::size_t past_brackets(std::size_t begin) const {
    auto depth = 0;
    for (auto i = begin; i < words_.size(); ++i)
      if ((depth += depth_of(words_[i])) == 0)
        return i + 1;
    return words_.size();
  }

  /// `[&]`, `[&x]`, `[=, &x]`, but not `[x = &y]`.
  bool captures_reference(std::size_t begin, std::size_t end) const {
    auto depth = 0;
    for (auto i = begin; i < end; ++i) {
      depth += depth_of(words_[i]);
      auto begins = i == begin || (depth == 1 && words_[i] == ",");
      if (begins && at(i + 1) == "&")
        return true;
    }
    return false;
  }

  /// Whether `(...) mutable -> flamigo::task<` or the like comes.
  bool returns_task(std::size_t i) const {
    if (at(i) == "(")
      i = past_brackets(i);
    while (at(i) == "mutable" || at(i) == "noexcept")
      ++i;
    if (at(i) != "-" || at(i + 1) != ">")
      return false;
    i += 2;
    while (at(i) == "::" || at(i + 1) == "::")
      ++i;
    return at(i) == "task" && at(i + 1) == "<";
  }

  std::size_t line_of(std::string_view word) const {
    auto before
      = text_.substr(0, static_cast<std::size_t>(word.data() - text_.data()));
    return static_cast<std::size_t>(
             std::count(before.begin(), before.end(), '\n'))
           + 1;
  }

  std::string_view text_;
  std::vector<std::string_view> words_;
};

bool is_skipped(const fs::path& folder) {
  auto name = folder.filename().string();
  return name.starts_with(".") || name.starts_with("build") || name == "tests";
}

} // namespace

std::vector<std::size_t> reference_captures(std::string_view text) {
  return lambda_reader{text}.read();
}

std::vector<capture> find_captures(const fs::path& root) {
  std::vector<capture> result;
  std::error_code none;
  for (fs::recursive_directory_iterator i{root, none}, end; i != end;
       i.increment(none)) {
    auto& path = i->path();
    if (i->is_directory(none) && is_skipped(path))
      i.disable_recursion_pending();
    if (path.extension() != ".hpp" && path.extension() != ".cpp")
      continue;
    std::ifstream in{path, std::ios::binary};
    std::stringstream text;
    text << in.rdbuf();
    for (auto line : reference_captures(text.str()))
      result.push_back({path.lexically_relative(root), line});
  }
  std::sort(result.begin(), result.end(), [](auto& x, auto& y) {
    return std::tie(x.file, x.line) < std::tie(y.file, y.line);
  });
  return result;
}

void report(const std::vector<capture>& found, std::ostream& out) {
  if (found.empty())
    return;
  out << "\nCoroutines that capture by reference: what they refer to may be "
         "gone when they go on.\nCapture by value, or a pointer that lives as "
         "long as they do:\n";
  for (auto& x : found)
    out << "  " << x.file.string() << ':' << x.line << '\n';
}

} // namespace flamigo::tool
