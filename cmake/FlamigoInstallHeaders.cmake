# Run by `cmake --install`, with flamigo_roots and flamigo_destination set.
# Installs the public headers, and of the back rooms (detail/) what they include,
# directly or through others.

cmake_minimum_required(VERSION 3.25)

set(waiting)
foreach(root IN LISTS flamigo_roots)
  file(GLOB_RECURSE headers RELATIVE "${root}" "${root}/flamigo/*.hpp")
  list(FILTER headers EXCLUDE REGEX "/detail/")
  list(APPEND waiting ${headers})
endforeach()

set(seen)
while(waiting)
  list(POP_FRONT waiting header)
  if(header IN_LIST seen)
    continue()
  endif()
  list(APPEND seen "${header}")
  foreach(root IN LISTS flamigo_roots)
    if(EXISTS "${root}/${header}")
      cmake_path(GET header PARENT_PATH room)
      file(INSTALL "${root}/${header}"
           DESTINATION "${flamigo_destination}/${room}")
      file(STRINGS "${root}/${header}" lines REGEX "^#include \"flamigo/")
      foreach(line IN LISTS lines)
        string(REGEX REPLACE "^#include \"([^\"]+)\".*" "\\1" needed "${line}")
        list(APPEND waiting "${needed}")
      endforeach()
    endif()
  endforeach()
endwhile()
