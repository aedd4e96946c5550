#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "flamigo/schema/detail/type_schema.hpp"

namespace flamigo::detail {

/// Whether a schema says what is taken or what is given.
enum class schema_use : bool {
  input,
  output
};

/// Writes schemas of tables, and the definitions that they name.
class schema_writer {
public:
  /// Takes what stands before a name in a `$ref`.
  explicit schema_writer(std::string prefix);

  /// Appends the schema of a type.
  void append(std::string& out, const type_schema& type, schema_use use);

  /// The definitions so far, by name.
  const std::map<std::string, std::string>& definitions() const noexcept {
    return definitions_;
  }

private:
  struct definition {
    std::string name;
    /// Whether there is one for what is taken beside it.
    bool is_split;
  };

  void append_part(std::string& out, std::string_view key,
                   const type_schema& type, schema_use use);

  void append_keys(std::string& out, const type_schema& type);

  void append_variant(std::string& out, const type_schema& type,
                      schema_use use);

  void append_reference(std::string& out, const type_schema& type,
                        schema_use use);

  void append_definition(std::string& out, const type_schema& type,
                         schema_use use);

  void append_members(std::string& out, const type_schema& type,
                      schema_use use);

  const definition& definition_of(const type_schema& type);

  std::string prefix_;
  std::unordered_map<const type_schema*, definition> names_;
  std::unordered_set<std::string> taken_;
  std::map<std::string, std::string> definitions_;
};

} // namespace flamigo::detail
