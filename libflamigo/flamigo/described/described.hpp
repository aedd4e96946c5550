#pragma once

#include <type_traits>

#include <boost/describe/bases.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>

namespace flamigo {

/// A struct that BOOST_DESCRIBE_STRUCT (or BOOST_DESCRIBE_CLASS) has described.
template <class T>
concept described_struct
  = std::is_class_v<T> && boost::describe::has_describe_bases<
    T>::value && boost::describe::has_describe_members<T>::value;

/// An enum that BOOST_DESCRIBE_ENUM has described.
template <class T>
concept described_enum
  = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

namespace detail {

/// The members of a struct and of its bases, bases first, in the order of the
/// description.
template <class T>
using described_members
  = boost::describe::describe_members<T, boost::describe::mod_any_access
                                           | boost::describe::mod_inherited>;

} // namespace detail

} // namespace flamigo
