#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "flamigo/json/json.hpp"
#include "flamigo/schema/detail/record_shape.hpp"
#include "flamigo/schema/detail/schema_writer.hpp"
#include "flamigo/schema/detail/shape.hpp"

namespace flamigo {

/// Makes JSON Schemas (2020-12) of C++ types, for one document: each struct and
/// enum is defined once, under a name made of its own (`chat.post` for
/// `chat::post`), and referred to from everywhere else.
///
/// What a program takes of a type is not always what it gives. A member with a
/// default need not come, but always goes out; one without a value may come as
/// `null`, but is left out where it goes. A type in which that makes a
/// difference has two definitions: `chat.post` is what is given, and
/// `chat.post.input` what is taken. That does not depend on which of them are
/// asked for.
///
/// Not bound to a thread; one thread at a time. Throws nothing but
/// `std::bad_alloc`, and what making a default of a struct throws.
class schema_set {
public:
  /// Takes what stands before a name where it is referred to.
  explicit schema_set(std::string prefix = "#/$defs/")
    : writer_(std::move(prefix)) {
  }

  /// Returns the schema of what is taken as a `T`: for a struct or an enum
  /// `{"$ref":"#/$defs/chat.post"}`, with its definition among `definitions`.
  template <class T>
  std::string input() {
    constexpr bool readable = json_readable<T>;
    static_assert(readable, "flamigo: this type cannot be read from JSON, so "
                            "that there is no schema of it as an input; "
                            "flamigo/json/json.hpp lists those that can");
    if constexpr (readable)
      return make(detail::table_of<T>(), detail::schema_use::input);
    else
      return {};
  }

  /// Returns the schema of what is given as a `T`. A number that JSON cannot
  /// express is written as `null`, which no schema tells of.
  template <class T>
  std::string output() {
    constexpr bool writable = json_writable<T>;
    static_assert(writable, "flamigo: this type cannot be written as JSON, so "
                            "that there is no schema of it as an output; "
                            "flamigo/json/json.hpp lists those that can");
    if constexpr (writable)
      return make(detail::table_of<T>(), detail::schema_use::output);
    else
      return {};
  }

  /// Returns the definitions so far as one object, ordered by name:
  /// `{"chat.post":{...},"chat.room":{...}}`.
  std::string definitions() const;

  /// Number of definitions so far.
  std::size_t size() const noexcept {
    return writer_.definitions().size();
  }

private:
  std::string make(const detail::type_schema& type, detail::schema_use use);

  detail::schema_writer writer_;
};

} // namespace flamigo
