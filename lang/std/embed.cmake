# Writes OUTPUT, a C++ source that holds the library and the recipes: cmake -DOUTPUT=... -DLIBRARY=... -DRECIPES=... -P
function(rows out)
  set(text "")
  foreach(file ${ARGN})
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} content)
    string(APPEND text "      {\"${PREFIX}${name}\", R\"weft(${content})weft\"},\n")
  endforeach()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

string(REPLACE "|" ";" LIBRARY "${LIBRARY}")
string(REPLACE "|" ";" RECIPES "${RECIPES}")
set(PREFIX "std.")
rows(library ${LIBRARY})
set(PREFIX "")
rows(recipes ${RECIPES})
file(WRITE ${OUTPUT} "#include \"lang/std/library.h\"

namespace weft {

const std::vector<StandardSource>& standard_library() {
  static const std::vector<StandardSource> all = {
${library}  };
  return all;
}

const std::vector<StandardSource>& recipes() {
  static const std::vector<StandardSource> all = {
${recipes}  };
  return all;
}

}  // namespace weft
")
