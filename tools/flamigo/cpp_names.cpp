#include "cpp_names.hpp"

#include <cctype>
#include <utility>
#include <vector>

#include "cpp_words.hpp"
#include "identifier.hpp"

namespace flamigo::tool {

namespace {

class reader {
public:
  explicit reader(std::vector<std::string_view> words)
    : words_(std::move(words)) {
  }

  cpp_names read() {
    for (; i_ < words_.size(); ++i_) {
      auto word = words_[i_];
      if (word == "namespace")
        enter();
      else if (word == "{" || word == "(")
        ++blocks_;
      else if (word == "}" || word == ")")
        leave();
      else if (in_word(word[0]) && !is_keyword(word))
        name(word);
    }
    return std::move(result_);
  }

private:
  std::string_view at(std::size_t i) const {
    return i < words_.size() ? words_[i] : std::string_view{};
  }

  /// At `namespace`. Of `using namespace` the next words say the rest.
  void enter() {
    if (at(i_ - 1) == "using" || blocks_ > 0)
      return;
    auto before = scopes_.empty() ? std::string{} : scopes_.back();
    auto inside = before;
    for (; i_ + 1 < words_.size() && at(i_ + 1) != "{"; ++i_) {
      // An alias.
      if (at(i_ + 1) == ";" || at(i_ + 1) == "=")
        return;
      if (in_word(at(i_ + 1)[0])) {
        inside += std::string{inside.empty() ? "" : "::"}
                  + std::string{at(i_ + 1)};
        result_.namespaces.insert(inside);
      }
    }
    ++i_;
    scopes_.push_back(inside);
  }

  void leave() {
    if (blocks_ > 0)
      --blocks_;
    else if (!scopes_.empty())
      scopes_.pop_back();
  }

  void name(std::string_view word) {
    auto before = at(i_ - 1);
    if (before == "::" || std::isdigit(static_cast<unsigned char>(word[0])))
      return;
    if (at(i_ + 1) == "::")
      result_.qualifiers.emplace(word);
    else if (blocks_ > 0)
      result_.inner.emplace(word);
    // BOOST_DESCRIBE_STRUCT(...) names nothing.
    else if (!scopes_.empty() && !scopes_.back().empty()
             && !is_in_capitals(word))
      result_.things.insert(scopes_.back() + "::" + std::string{word});
  }

  std::vector<std::string_view> words_;
  std::size_t i_ = 0;
  /// The namespaces that are open, each with those around it.
  std::vector<std::string> scopes_{};
  /// Braces and parentheses that are open, but for those of namespaces.
  std::size_t blocks_ = 0;
  cpp_names result_{};
};

} // namespace

cpp_names names_of(std::string_view text) {
  return reader{cpp_words(text)}.read();
}

} // namespace flamigo::tool
