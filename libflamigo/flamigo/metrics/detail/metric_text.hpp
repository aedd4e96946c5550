#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace flamigo::detail {

/// Writes metrics in the text format of Prometheus, version 0.0.4. All samples
/// of a family follow it.
class metric_text {
public:
  /// What HTTP calls it. Prometheus 3 refuses types that it does not know.
  static constexpr std::string_view content_type
    = "text/plain; version=0.0.4; charset=utf-8";

  void family(std::string_view name, std::string_view type,
              std::string_view help);

  /// A family of one sample without a label.
  template <class T>
  void one(std::string_view name, std::string_view type, std::string_view help,
           T value) {
    family(name, type, help);
    sample(name, value);
  }

  // -- samples ----------------------------------------------------------------

  template <class T>
  void sample(std::string_view name, T value) {
    sample(name, {}, {}, value);
  }

  /// With a label, unless that is empty.
  template <class T>
  void sample(std::string_view name, std::string_view label,
              std::string_view of, T value) {
    begin(name);
    if (!label.empty())
      put_label(label, of);
    end(value);
  }

  /// With two.
  template <class T>
  void sample(std::string_view name, std::string_view first,
              std::string_view of_first, std::string_view second,
              std::string_view of_second, T value) {
    begin(name);
    put_label(first, of_first);
    put_label(second, of_second);
    end(value);
  }

  // -- parts of a histogram ---------------------------------------------------

  /// How much there is up to a bound.
  void bucket(std::string_view name, std::string_view label,
              std::string_view of, double bound, std::uint64_t count);

  /// How much there is.
  void last_bucket(std::string_view name, std::string_view label,
                   std::string_view of, std::uint64_t count);

  void sum(std::string_view name, std::string_view label, std::string_view of,
           double value);

  void count(std::string_view name, std::string_view label, std::string_view of,
             std::uint64_t value);

  // -- the end ----------------------------------------------------------------

  std::string take() {
    return std::move(text_);
  }

private:
  void begin(std::string_view name, std::string_view suffix = {});

  void put_label(std::string_view name, std::string_view value);

  void end(std::unsigned_integral auto value) {
    close();
    put(static_cast<std::uint64_t>(value));
    text_ += '\n';
  }

  void end(double value) {
    close();
    put(value);
    text_ += '\n';
  }

  void close();

  void put(std::uint64_t value);

  void put(double value);

  /// `\` and line breaks cannot stand there as they are, nor quotes in a label.
  void escape(std::string_view text, bool quoted);

  std::string text_;
  bool has_labels_ = false;
};

} // namespace flamigo::detail
