"""What people see: the Streamlit page. What is said and how it is laid out are plain functions; drawing is the rest."""
